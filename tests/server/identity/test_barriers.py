from dataclasses import replace

import pytest

from server.errors import Forbidden, Invalid
from server.identity.barriers import check_sign_up
from server.identity.sign_up import Entry, sign_up
from server.moderation import barriers
from server.runtime import Runtime
from server.store import email_domain_blocks, maintenance, users
from server.store.canonical_email_blocks import canonical_hash
from server.store.ip_blocks import NewIpBlock


async def block(runtime: Runtime, network: str, severity: str) -> None:
    await barriers.block_ip(runtime, None, NewIpBlock(barriers.read_network(network), severity))


async def test_networks_are_closed_or_looked_at(runtime: Runtime) -> None:
    await block(runtime, "10.1.0.0/16", "sign_up_block")
    await block(runtime, "10.2.0.0/16", "sign_up_requires_approval")
    await block(runtime, "2001:db8::/32", "no_access")
    for ip in ("10.1.2.3", "2001:db8::5"):
        with pytest.raises(Forbidden):
            await check_sign_up(runtime.db, "a@good.example", ip)
    assert await check_sign_up(runtime.db, "a@good.example", "10.2.2.3") is True
    assert await check_sign_up(runtime.db, "a@good.example", "10.3.2.3") is False
    assert await check_sign_up(runtime.db, "a@good.example", "") is False
    closed = runtime.closed_networks
    assert closed.refuses("2001:db8:ffff::1")
    assert not closed.refuses("2001:db9::1")
    assert not closed.refuses("10.1.2.3")
    assert not closed.refuses("a socket")
    await block(runtime, "192.0.2.7", "no_access")
    assert [closed.refuses(ip) for ip in ("192.0.2.7", "::ffff:192.0.2.7", "192.0.2.8")] == [
        True,
        True,
        False,
    ]


async def test_a_block_ends_by_itself(runtime: Runtime) -> None:
    await block(runtime, "10.1.0.0/16", "sign_up_block")
    await runtime.db.execute("UPDATE ip_blocks SET expires_at = now() - interval '1 second'")
    assert await check_sign_up(runtime.db, "a@good.example", "10.1.2.3") is False
    await maintenance.delete_expired(runtime.db)
    assert await runtime.db.fetchval("SELECT count(*) FROM ip_blocks") == 0


async def test_addresses_are_refused_and_counted(runtime: Runtime) -> None:
    await barriers.block_email_domain(runtime, None, "Bad.example", allow_with_approval=False)
    odd = await barriers.block_email_domain(runtime, None, "odd.example", allow_with_approval=True)
    with pytest.raises(Invalid, match="E-mail address uses a disallowed e-mail provider") as error:
        await check_sign_up(runtime.db, "a@sub.bad.example", "10.0.0.1")
    assert error.value.fields["email"][0][0] == "ERR_BLOCKED"
    async with runtime.db.acquire() as db, db.transaction():  # which is of one day
        for ip in ("10.0.0.1", "10.0.0.1", "10.0.0.2"):
            assert await check_sign_up(db, "a@odd.example", ip) is True
        history = (await email_domain_blocks.load_history(db, [odd.id]))[odd.id]
    assert [(day.uses, day.accounts) for day in history[:2]] == [(3, 2), (0, 0)]
    assert len(history) == 7
    await barriers.block_email(runtime, None, canonical_hash("Troll.Name+1@mail.example"))
    with pytest.raises(Invalid, match="has already been taken"):
        await check_sign_up(runtime.db, "trollname+2@mail.example", "10.0.0.1")
    assert await check_sign_up(runtime.db, "trollname@other.example", "10.0.0.1") is False


async def test_who_signs_up_runs_into_them(runtime: Runtime) -> None:
    runtime = replace(runtime, settings=replace(runtime.settings, registrations="open"))
    await block(runtime, "10.1.0.0/16", "sign_up_block")
    await block(runtime, "10.2.0.0/16", "sign_up_requires_approval")
    entry = Entry("ben", "ben@good.example", "a long password", "en", True, ip="10.1.2.3")
    with pytest.raises(Forbidden):
        await sign_up(runtime, entry)
    account = await sign_up(runtime, replace(entry, ip="10.2.2.3"))
    user = await users.find_user(runtime.db, account.id)
    assert user
    assert user.state == "unapproved"
