"""A remote server that takes every delivery and counts them: the cheapest one there can be."""

import asyncio
import time

import httptools

_ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"


class FakeRemote:
    """Answers 202 to every request; `wait_for` returns when so many have come."""

    def __init__(self) -> None:
        self.received = 0
        self.last_at = 0.0
        self._server: asyncio.Server | None = None
        self.connections: set[asyncio.WriteTransport] = set()

    async def start(self) -> str:
        """Listen on a free port; returns host:port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        return f"{host}:{port}"

    async def wait_for(self, count: int, seconds: float) -> None:
        """Wait until `count` requests have come. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while self.received < count:
                await asyncio.sleep(0.005)

    def stop(self) -> None:
        """Gone, for those too who hold a connection: else what follows is still taken."""
        if self._server:
            self._server.close()
        for transport in list(self.connections):
            transport.abort()


class _Connection(asyncio.Protocol):
    def __init__(self, remote: FakeRemote) -> None:
        self._remote = remote
        self._parser = httptools.HttpRequestParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._remote.connections.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._remote.connections.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._remote.received += 1
        self._remote.last_at = time.perf_counter()
        self._transport.write(_ACCEPTED)
