import asyncio
from ipaddress import ip_network

import pytest

from server import runtime as module
from server.actions import domain_rules, inbound_rules
from server.moderation import barriers
from server.runtime import Runtime, open_runtime
from server.settings import Settings
from server.store.domain_rules import NewRule
from server.store.ip_blocks import NewIpBlock
from tests.servers import kept_open
from tests.waiting import until, until_blocked


async def test_what_moderators_decide_holds_in_every_process_at_once(
    runtime: Runtime, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_RULES_SECONDS", 3600.0)
    async with kept_open(open_runtime(settings)) as other:
        rule = await domain_rules.block(runtime, None, "bad.example", NewRule("suspend"))
        await until(lambda: other.domain_rules.refuses("bad.example"), "a new rule")
        await domain_rules.change(runtime, None, rule.id, NewRule("silence"))
        await until(lambda: not other.domain_rules.refuses("bad.example"), "a milder one")
        await domain_rules.unblock(runtime, None, rule.id)
        await until(lambda: other.domain_rules.of("bad.example") is None, "its end")
        new = NewIpBlock(ip_network("192.0.2.0/24"), "no_access", "", None)
        block = await barriers.block_ip(runtime, None, new)
        await until(lambda: other.closed_networks.refuses("192.0.2.7"), "a closed network")
        await barriers.unblock_ip(runtime, None, block.id)
        await until(lambda: not other.closed_networks.refuses("192.0.2.7"), "its end")
        number = await inbound_rules.add_rule(runtime, None, "keyword", "casino", "drop")
        await until(lambda: len(other.inbound_rules.all) == 1, "a rule for posts")
        await inbound_rules.delete_rule(runtime, None, number)
        await until(lambda: not other.inbound_rules.all, "its end")


async def test_a_process_that_begins_lets_nobody_in_for_a_moment(
    runtime: Runtime, settings: Settings
) -> None:
    await domain_rules.block(runtime, None, "bad.example", NewRule("suspend"))
    await barriers.block_ip(runtime, None, NewIpBlock(ip_network("192.0.2.0/24"), "no_access"))
    await inbound_rules.add_rule(runtime, None, "keyword", "casino", "drop")
    async with open_runtime(settings) as other:
        assert other.domain_rules.refuses("bad.example")
        assert other.closed_networks.refuses("192.0.2.7")
        assert len(other.inbound_rules.all) == 1


async def test_a_reading_that_began_before_a_rule_does_not_undo_it(runtime: Runtime) -> None:
    async with runtime.db.acquire() as db, db.transaction():
        # The rules can be read, but not the list of allowed domains that is read after them.
        await db.execute("LOCK TABLE allowed_domains")
        reading = asyncio.create_task(runtime.domain_rules.load(runtime.db))
        await until_blocked(runtime.db)
        blocking = asyncio.create_task(
            domain_rules.block(runtime, None, "bad.example", NewRule("suspend"))
        )
        written = "SELECT count(*) FROM domain_rules"
        await until(lambda: runtime.db.fetchval(written), "the rule")
        await asyncio.sleep(0.05)
    await asyncio.gather(reading, blocking)
    assert runtime.domain_rules.refuses("bad.example")
