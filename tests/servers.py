"""Real servers for tests: one PostgreSQL for the whole run, and a Valkey for each process of it."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg

from server.embedded import folders, postgres, valkey
from server.embedded.children import Children
from server.store.migrate import migrate

T = TypeVar("T")
_TEMPLATE = "template_wandelgang"
# Nobody mourns what a test wrote, so nothing waits for the disk.
_HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "max_wal_size": "1GB",
}


@contextmanager
def short_folder() -> Iterator[Path]:
    """A private folder whose path leaves room for the name of a socket."""
    folder = Path(tempfile.mkdtemp(prefix="wandelgang-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if folders.socket_folder(folder).parent != folder:
            shutil.rmtree(folders.socket_folder(folder), ignore_errors=True)


@contextmanager
def running_postgres() -> Iterator[Path]:
    """PostgreSQL with a migrated template, until the end of the block; gives its data folder."""
    with short_folder() as data, Children(data) as children:
        child = children.start(postgres.prepare(data, _HASTY))
        postgres.wait_until_ready(data, child)
        asyncio.run(_make_template(data))
        yield data


@contextmanager
def running_valkey() -> Iterator[str]:
    """Valkey until the end of the block; gives its URL."""
    with short_folder() as data, Children(data) as children:
        child = children.start(valkey.prepare(data))
        valkey.wait_until_ready(data, child)
        yield valkey.redis_url(data)


@asynccontextmanager
async def fresh_database(data: Path) -> AsyncIterator[str]:
    """A database of its own with all tables, dropped at the end of the block; gives its URL."""
    name = f"test_{os.getpid()}_{uuid4().hex[:12]}"
    await _execute(data, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY file_copy")
    try:
        yield postgres.database_url(data, name)
    finally:
        await _execute(data, f"DROP DATABASE {name} WITH (FORCE)")


async def _make_template(data: Path) -> None:
    await _execute(data, f"CREATE DATABASE {_TEMPLATE}")
    await migrate(postgres.database_url(data, _TEMPLATE))


async def _execute(data: Path, statement: str) -> None:
    connection = await asyncpg.connect(postgres.database_url(data))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def kept_open(context: AbstractAsyncContextManager[T]) -> AsyncIterator[T]:
    """Enter and leave a context in one and the same task, as task groups demand.

    A fixture's two halves run in different tasks.
    """
    opened: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    finished = asyncio.Event()

    async def keep() -> None:
        async with context as value:
            opened.set_result(value)
            await finished.wait()

    task = asyncio.create_task(keep())
    either: list[asyncio.Future[Any]] = [task, opened]
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        opened.cancel()
        task.result()
    try:
        yield opened.result()
    finally:
        finished.set()
        await task
