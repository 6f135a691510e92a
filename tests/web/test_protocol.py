import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState
from websockets.asyncio.client import connect

from web.protocol import Protocol

REQUEST = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
BODY = b"a body" * 1000


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": (await receive())["text"]})
        await send({"type": "websocket.close"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-test", b"yes")]})
    for _ in range(2):
        await send({"type": "http.response.body", "body": BODY, "more_body": True})
    if scope["path"] == "/slow":
        await receive()
    await send({"type": "http.response.body", "body": b"the end"})


class Wire(asyncio.Transport):
    """Notes what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.packets: list[bytes] = []

    def write(self, data: Any) -> None:
        self.packets.append(bytes(data))

    def pause_reading(self) -> None:
        pass

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        self.packets.append(b"closed")


async def test_an_answer_leaves_in_one_packet_and_before_the_end() -> None:
    state, wire = ServerState(), Wire()
    protocol = Protocol(_config(), state, {})
    protocol.connection_made(wire)
    protocol.data_received(REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    await asyncio.gather(*state.tasks)
    head_and_body, end = wire.packets
    assert head_and_body.startswith(b"HTTP/1.1 200 OK\r\n")
    assert head_and_body.count(BODY) == 2
    assert head_and_body.endswith(b"\r\n0\r\n\r\n")
    assert end == b"closed"


async def test_what_comes_later_is_not_waited_for() -> None:
    async with _served() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /slow HTTP/1.1\r\nHost: here\r\nContent-Length: 1\r\n\r\n")
        await asyncio.wait_for(reader.readuntil(BODY), 60)
        writer.write(b"x" + REQUEST)  # on the same connection, after the end of the first
        rest = b""
        while rest.count(b"the end") < 2:
            rest += await reader.read(65536)
        assert rest.count(BODY) == 3
        writer.close()


async def test_sockets_work_through_it() -> None:
    async with _served() as port, connect(f"ws://127.0.0.1:{port}/") as line:
        await line.send("hello")
        assert await line.recv() == "hello"


@pytest.mark.parametrize(
    "endless",
    [
        b"GET / HTTP/1.1\r\nx: ",
        b"GET /",
        b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 50,
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nx: ",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;x=",
    ],
)
async def test_a_head_without_end_is_refused(endless: bytes) -> None:
    state, wire = ServerState(), Wire()
    protocol = Protocol(_config(), state, {})
    protocol.connection_made(wire)
    protocol.data_received(endless)
    filling = b"y: z\r\n" * 1600 if endless.endswith(b"\n") else b"a" * 10_000
    for _ in range(7):
        assert b"431" not in b"".join(wire.packets)
        protocol.data_received(filling)
    assert b"431" in b"".join(wire.packets)
    assert wire.packets[-1] == b"closed"
    protocol.connection_lost(None)


async def test_a_long_body_is_no_long_head() -> None:
    state, wire = ServerState(), Wire()
    protocol = Protocol(_config(), state, {})
    protocol.connection_made(wire)
    protocol.data_received(b"POST / HTTP/1.1\r\nContent-Length: 300000\r\n\r\n")
    for _ in range(3):
        protocol.data_received(b"a" * 100_000)
    await asyncio.gather(*state.tasks)
    assert b"431" not in b"".join(wire.packets)


async def test_who_never_ends_a_head_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.protocol.HEAD_SECONDS", 0.2)
    async with _served() as port:
        for said, beginning in ((b"", b""), (b"GET / HT", b""), (REQUEST, b"GET / HT")):
            reader, writer = await _called(port, said)
            if beginning:
                await asyncio.wait_for(reader.readuntil(b"the end"), 60)
                writer.write(beginning)
            await asyncio.wait_for(reader.read(), 60)  # until the other side has closed
            writer.close()
        reader, writer = await _called(port, REQUEST)
        for _ in range(2):  # who asked, and thinks about what to ask next, is
            await asyncio.wait_for(reader.readuntil(b"the end"), 60)
            await asyncio.sleep(0.4)
            writer.write(REQUEST)
        await asyncio.wait_for(reader.readuntil(b"the end"), 60)
        writer.close()


async def _called(port: int, said: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which that was said before the other side, in this very thread, can look."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(said)
    connection.setblocking(False)
    return await asyncio.open_connection(sock=connection)


def _config() -> uvicorn.Config:
    config = uvicorn.Config(
        application, port=0, http=Protocol, ws="websockets-sansio", lifespan="off", log_config=None
    )
    config.load()
    return config


@asynccontextmanager
async def _served() -> AsyncIterator[int]:
    server = uvicorn.Server(_config())
    serving = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving
