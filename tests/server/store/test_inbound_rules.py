import asyncio
from typing import Any, cast

from server.actions import inbound_rules as actions
from server.runtime import Runtime
from server.store.database import Database
from server.store.inbound_rules import InboundRules


class Late:
    """A database whose answers arrive when they may."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.has_read, self.may_answer = asyncio.Event(), asyncio.Event()

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        rows = await self._db.fetch(query, *args)
        self.has_read.set()
        await self.may_answer.wait()
        return rows


async def test_a_reading_that_began_before_a_rule_does_not_undo_it(runtime: Runtime) -> None:
    rules, late = InboundRules(), Late(runtime.db)
    before = asyncio.create_task(rules.load(cast("Database", late)))
    await late.has_read.wait()
    number = await actions.add_rule(runtime, None, "keyword", "casino", "drop")
    after = asyncio.create_task(rules.load(runtime.db))
    await asyncio.wait([after], timeout=0.1)
    late.may_answer.set()
    await asyncio.gather(before, after)
    assert [rule.id for rule in rules.all] == [number]
