"""What the database does meanwhile: the statements of a block, and who waits for whom."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import asyncpg

from server.store.database import Database

_seen: ContextVar[list[str] | None] = ContextVar("seen", default=None)


@contextmanager
def count_queries() -> Iterator[list[str]]:
    """The statements of the block; what the process does beside it now and then is not counted, nor
    whether an answer that was given a moment ago is good still.
    """
    seen: list[str] = []
    before = _seen.set(seen)
    original = asyncpg.Connection._execute

    async def counted(self: Any, query: str, *args: Any, **more: Any) -> Any:
        if (mine := _seen.get()) is not None and "pg_current_snapshot" not in query:
            mine.append(query)
        return await original(self, query, *args, **more)

    asyncpg.Connection._execute = counted
    try:
        yield seen
    finally:
        asyncpg.Connection._execute = original
        _seen.reset(before)


async def until_waiting(db: Database) -> None:
    """Until somebody in this database waits for a row."""
    waiting = """
        SELECT count(*) FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND datname = current_database()
        """
    async with asyncio.timeout(60):
        while not await db.fetchval(waiting):
            await asyncio.sleep(0.01)
