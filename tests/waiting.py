"""Waiting for what is to come, however slow the machine is: never for a length of time."""

import asyncio
from collections.abc import Awaitable, Callable

from server.store.database import Database

_SECONDS = 60.0


async def until(holds: Callable[[], object] | Callable[[], Awaitable[object]], what: str) -> None:
    """Look again and again whether something is so; `what` says what never came."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _SECONDS
    while True:
        found = holds()
        if await found if isinstance(found, Awaitable) else found:
            return
        assert loop.time() < deadline, f"never: {what}"
        await asyncio.sleep(0.01)


async def until_blocked(db: Database, statements: int = 1) -> None:
    """Wait until so many statements in the test's database wait for what another one holds."""
    query = """SELECT count(*) >= $1 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'"""
    await until(lambda: db.fetchval(query, statements), f"{statements} wait for a lock")
