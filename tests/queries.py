"""Counts the statements that a block runs, itself or by tasks that it starts."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import asyncpg

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
