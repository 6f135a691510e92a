"""One post to 2,000 inboxes on 200 hosts, first all of them well, then 10 % dead and 10 % slow.

What counts is when the well ones have it all: dead and slow hosts are to hold up nobody.
"""

import asyncio
import time
from collections.abc import Sequence

import asyncpg
import httptools
import orjson

from benchmarks.instance import Instance
from benchmarks.load import Result, request_bytes, run_load

HOSTS = 200
INBOXES_PER_HOST = 10
_SLOW_SECONDS = 5.0
_LIMIT_SECONDS = 90.0
_ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"


class Hosts:
    """A port that stands for many hosts: each has a loopback address of its own."""

    def __init__(self) -> None:
        self.port = 0
        self.silent: set[str] = set()  # take the request and say nothing
        self.slow: set[str] = set()
        self.arrived: dict[str, list[float]] = {}
        self.twice = 0
        self._paths: set[tuple[str, bytes, str]] = set()
        self._server: asyncio.Server | None = None

    async def start(self, count: int) -> list[str]:
        """Listen on a free port of every loopback address; returns host:port of each host."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "0.0.0.0", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return [f"127.1.{n // 250}.{n % 250 + 1}:{self.port}" for n in range(count)]

    def take(self, host: str, path: bytes, body: bytes) -> None:
        """Note that something has arrived."""
        key = (host, path, str(orjson.loads(body)["id"]))
        self.twice += key in self._paths
        self._paths.add(key)
        self.arrived.setdefault(host, []).append(time.perf_counter())

    def count(self, hosts: Sequence[str]) -> int:
        """How much has arrived at these."""
        return sum(len(self.arrived.get(host, ())) for host in hosts)

    def stop(self) -> None:
        """Listen no more."""
        if self._server:
            self._server.close()


class _Connection(asyncio.Protocol):
    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self._parser = httptools.HttpRequestParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        address = transport.get_extra_info("sockname")
        self._host = f"{address[0]}:{address[1]}"

    def on_message_begin(self) -> None:
        self._path, self._body = b"", b""

    def on_url(self, url: bytes) -> None:
        self._path = url

    def on_body(self, body: bytes) -> None:
        self._body += body

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        if self._host in self._hosts.silent:
            return
        if self._host in self._hosts.slow:
            asyncio.get_running_loop().call_later(_SLOW_SECONDS, self._answer)
        else:
            self._answer()

    def _answer(self) -> None:
        if not self._transport.is_closing():
            self._hosts.take(self._host, self._path, self._body)
            self._transport.write(_ACCEPTED)


async def measure(instance: Instance, token: str, author: str) -> tuple[Result, Result]:
    """All well, then some dead and slow: times at which each of the same well hosts had it all."""
    hosts = Hosts()
    names = await hosts.start(HOSTS)
    await _seed(instance.database_url, author, names)
    tenth = HOSTS // 10
    well = names[2 * tenth :]
    try:
        await _one_post(instance, token, hosts, names)  # connections are made
        hosts.arrived.clear()
        before = await _one_post(instance, token, hosts, well)
        hosts.silent, hosts.slow = set(names[:tenth]), set(names[tenth : 2 * tenth])
        hosts.arrived.clear()
        after = await _one_post(instance, token, hosts, well)
    finally:
        hosts.stop()
    after.errors = hosts.twice
    return before, after


async def _one_post(instance: Instance, token: str, hosts: Hosts, well: Sequence[str]) -> Result:
    body = orjson.dumps({"status": "To many"})
    requests = iter([request_bytes(f"{instance.origin}/api/v1/statuses", token, "POST", body)])
    start = time.perf_counter()
    await run_load(("127.0.0.1", instance.port), lambda: next(requests, None), 1)
    async with asyncio.timeout(_LIMIT_SECONDS):
        while hosts.count(well) < len(well) * INBOXES_PER_HOST:
            await asyncio.sleep(0.005)
    result = Result()
    result.times = [max(hosts.arrived[host]) - start for host in well]
    result.seconds = max(result.times)
    return result


async def _seed(database_url: str, author: str, hosts: Sequence[str]) -> None:
    db = await asyncpg.connect(database_url)
    try:
        await db.execute(
            """
            WITH followers AS (
                INSERT INTO accounts (username, domain, uri, inbox_url)
                SELECT 'f' || n, host, 'http://' || host || '/users/' || n,
                       'http://' || host || '/users/' || n || '/inbox'
                FROM unnest($2::text[]) host, generate_series(1, $3) n RETURNING id)
            INSERT INTO follows (account_id, target_id)
            SELECT followers.id, author.id FROM followers, accounts author
            WHERE author.username = $1
            """,
            author,
            list(hosts),
            INBOXES_PER_HOST,
        )
    finally:
        await db.close()
