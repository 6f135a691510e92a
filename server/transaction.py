"""One database transaction together with what it sets off.

Jobs are rows of the transaction itself; bells and messages leave only after the commit. So a 2xx
means committed, and a crash at any point loses nothing but the bell, which the sweep replaces.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.addresses import Addresses
from server.bus import Bus
from server.secrets import Cipher
from server.store import jobs
from server.store.database import Connection, Pool


@dataclass(slots=True)
class Transaction:
    """`db` is the connection to write with; `enqueue` and `publish` take effect at the commit."""

    db: Connection
    addresses: Addresses
    cipher: Cipher
    new_jobs: list[jobs.NewJob] = field(default_factory=list)
    messages: list[tuple[str, str]] = field(default_factory=list)
    is_awaited: bool = False

    def enqueue(
        self, name: str, *args: Any, once_key: str | None = None, run_at: datetime | None = None
    ) -> None:
        """Have the worker call the job of that name (worker/catalogue.py) with JSON arguments.

        With `once_key`, nothing is added while a job with that key waits.
        """
        self.new_jobs.append(jobs.NewJob(name, list(args), once_key, run_at))

    def publish(self, channel: str, text: str, *, at_once: bool = False) -> None:
        """Tell other processes after the commit; may be lost.

        Nobody waits for that, unless it is to be `at_once`: then the block ends when it is sent.
        """
        self.messages.append((channel, text))
        self.is_awaited = self.is_awaited or at_once


@asynccontextmanager
async def open_transaction(
    pool: Pool, bus: Bus, addresses: Addresses, cipher: Cipher
) -> AsyncIterator[Transaction]:
    """Commit at the end of the block, roll back on an exception; then ring and publish."""
    async with pool.acquire() as db, db.transaction():
        tx = Transaction(db, addresses, cipher)
        yield tx
        if tx.new_jobs:
            await jobs.insert_jobs(db, tx.new_jobs)
    # Messages follow the bells: a reader that is told of a change finds the work under way.
    bells = [(f"jobs:{name}", "") for name in dict.fromkeys(job.name for job in tx.new_jobs)]
    if bells or tx.messages:
        bus.publish([*bells, *tx.messages])
    if tx.is_awaited:
        await bus.flush()
