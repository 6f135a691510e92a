"""Connections to PostgreSQL: how they are opened, and what a store's function may do with one."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any, Protocol, cast

import asyncpg
import orjson

log = logging.getLogger(__name__)
MINIMUM_VERSION = 15

# The database is away, starting, or took too long: another try may work.
AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,  # no room on its disk, or no connection left
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that ended in the middle of a word
)
# Or two waited for one another, as those who write of the same rows in another order, and this one
# was given up.
TRY_AGAIN = (*AWAY, asyncpg.TransactionRollbackError)
_STATEMENT_TIMEOUT_MILLISECONDS = 30_000
_LEAVE_SECONDS = 2.0


class Database(Protocol):
    """What runs a statement: the pool for a single one, a connection inside a transaction."""

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """All rows."""

    async def fetchrow(self, query: str, *args: Any) -> Any:
        """The first row, or None."""

    async def fetchval(self, query: str, *args: Any) -> Any:
        """The first row's first column, or None."""

    async def execute(self, query: str, *args: Any) -> str:
        """The command tag, like `DELETE 3`."""


class Connection(Database, Protocol):
    """One connection."""

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """A transaction, or a savepoint inside one."""


class Pool(Database, Protocol):
    """The connections of a process."""

    def acquire(self) -> AbstractAsyncContextManager[Connection]:
        """A connection for the length of a block."""

    async def close(self) -> None:
        """Wait for what runs, then disconnect."""

    def terminate(self) -> None:
        """Disconnect at once; who waits for an answer gets an error."""


async def open_pool(url: str, connections: int) -> Pool:
    """A pool with JSON decoded by orjson and every statement bounded in time."""
    pool = await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=connections,
        init=_prepare_connection,
        reset=_end_transaction,
        server_settings={
            "jit": "off",  # costs more than it gives on short statements
            "statement_timeout": str(_STATEMENT_TIMEOUT_MILLISECONDS),
            "timezone": "UTC",
            "application_name": "wandelgang",
        },
    )
    return cast("Pool", pool)


@contextmanager
def leaving(pool: Pool, seconds: float = _LEAVE_SECONDS) -> Iterator[None]:
    """For a block that ends what works with the pool: what waits after so many seconds waits for a
    database that is frozen, which does not even say that a question is withdrawn. It is left.
    """
    timer = asyncio.get_running_loop().call_later(seconds, _leave_at_once, pool)
    try:
        yield
    finally:
        timer.cancel()


def _leave_at_once(pool: Pool) -> None:
    log.warning("stop: the database does not answer; left without a word")
    pool.terminate()


async def close_pool(pool: Pool) -> None:
    """Wait for what runs, then disconnect."""
    with contextlib.suppress(*AWAY), leaving(pool):
        await pool.close()


@asynccontextmanager
async def by_index(pool: Pool) -> AsyncIterator[Connection]:
    """A transaction whose statements walk indexes alone.

    For a queue: its plans are made and kept while it is empty, when reading all of it costs
    nothing, and used when it is very long.
    """
    async with pool.acquire() as db, db.transaction():
        await db.execute("SET LOCAL enable_seqscan = off")
        yield db


def affected(command_tag: str) -> int:
    """Number of rows that a statement touched, out of what `execute` returned."""
    return int(command_tag.rpartition(" ")[2])


async def _prepare_connection(connection: Any) -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(
            name, encoder=_dump_json, decoder=orjson.loads, schema="pg_catalog"
        )


async def _end_transaction(connection: Any) -> None:
    """All the state that a connection of ours can have kept; asyncpg's own reset asks the server
    each time, which costs as much as a small query.
    """
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


def _dump_json(value: Any) -> str:
    return orjson.dumps(value).decode()
