"""Fixtures for all rooms: a database and a queue of one's own, a runtime, a client.

Each process over which a run is spread has servers of its own. One PostgreSQL for all would tell
them of each other: its transactions are numbered across its databases.
"""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import redis
from hypothesis.internal.conjecture import providers

from server.settings import Settings, load_settings
from tests import servers

if TYPE_CHECKING:  # tests of the protocol need nothing of the server
    from server.runtime import Runtime
    from tests.makers import Api

ORIGIN = "http://localhost:3000"

# Hypothesis makes examples of constants in the modules that a process happens to have imported:
# another order of files, or a change anywhere, and one seed gives other examples.
providers._get_local_constants = lambda: providers._local_constants


@pytest.fixture(scope="session", autouse=True)
def no_name_server() -> Iterator[None]:
    """Names lead to this machine or nowhere: nobody elsewhere hears of what a test looks up."""
    real = socket.getaddrinfo

    def look_up(host: Any, *more: Any, **named: Any) -> Any:
        if host and host not in {"localhost", b"localhost"}:
            try:
                real(host, None, flags=socket.AI_NUMERICHOST)
            except socket.gaierror as error:
                raise socket.gaierror(error.errno, "no test asks a name server") from error
        return real(host, *more, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", look_up)
        yield


@pytest.fixture(scope="session")
def postgres_data() -> Iterator[Path]:
    """The data folder of this process's PostgreSQL."""
    with servers.running_postgres() as data:
        yield data


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """This process's Valkey; tests take `redis_url`."""
    with servers.running_valkey() as url:
        yield url


@pytest.fixture
def redis_url(valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty Valkey: one process runs one test at a time.

    Nobody gives it up for being slow, as the bus does with a server after two seconds: on a busy
    machine messages would be lost that a test waits for.
    """
    monkeypatch.setattr("server.bus._ANSWER_SECONDS", 60.0)
    with redis.Redis.from_url(valkey_url) as connection:
        connection.flushall()
    return valkey_url


@pytest.fixture
async def database_url(postgres_data: Path) -> AsyncIterator[str]:
    """A database of the test's own with all tables, empty."""
    async with servers.fresh_database(postgres_data) as url:
        yield url


@pytest.fixture
def settings(tmp_path: Path, database_url: str, redis_url: str) -> Settings:
    """Settings of an instance at ORIGIN; vary them with dataclasses.replace."""
    return load_settings(
        {},
        data=tmp_path / "data",
        origin=ORIGIN,
        database_url=database_url,
        redis_url=redis_url,
        database_connections=5,
    )


@pytest.fixture
async def one_day() -> None:
    """For tests of what is counted by days, weeks or months: no midnight comes in between. One that
    is near is waited for.
    """
    left = 86_400 - time.time() % 86_400
    if left < 120:
        await asyncio.sleep(left + 1)


@pytest.fixture
async def runtime(settings: Settings) -> AsyncIterator["Runtime"]:
    """An open runtime with a database and a queue of its own."""
    from server.runtime import open_runtime

    async with servers.kept_open(open_runtime(settings)) as runtime:
        yield runtime


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole web application, in process, on the same database as `runtime`.

    The application hears the bus by then: what it keeps, and asks of the database, is the same in
    each run.
    """
    from tests import makers

    async with makers.app_client(settings) as client:
        await makers.hearing(makers.state_of(client))
        yield client


@pytest.fixture
async def anna(runtime: "Runtime", client: httpx.AsyncClient) -> "Api":
    """A member with a client."""
    from tests import makers

    account = await makers.make_member(runtime, "anna")
    return makers.Api(client, await makers.make_token(runtime, account))


@pytest.fixture
async def ben(runtime: "Runtime", client: httpx.AsyncClient) -> "Api":
    """Another member with a client."""
    from tests import makers

    account = await makers.make_member(runtime, "ben")
    return makers.Api(client, await makers.make_token(runtime, account))


@pytest.fixture
def stranger(client: httpx.AsyncClient) -> "Api":
    """Nobody that we know."""
    from tests import makers

    return makers.Api(client)
