"""Counts the statements that a block runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg


@contextmanager
def count_queries() -> Iterator[list[str]]:
    """The statements that any connection of this process runs inside the block."""
    seen: list[str] = []
    original = asyncpg.Connection._execute

    async def counted(self: Any, query: str, *args: Any, **more: Any) -> Any:
        seen.append(query)
        return await original(self, query, *args, **more)

    asyncpg.Connection._execute = counted
    try:
        yield seen
    finally:
        asyncpg.Connection._execute = original
