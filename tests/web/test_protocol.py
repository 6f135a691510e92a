import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

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
        await asyncio.sleep(0.2)
    await send({"type": "http.response.body", "body": b"the end"})


class Wire(asyncio.Transport):
    """Notes what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.packets: list[bytes] = []

    def write(self, data: Any) -> None:
        self.packets.append(bytes(data))

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
        writer.write(REQUEST.replace(b"/ ", b"/slow "))
        await asyncio.wait_for(reader.readuntil(BODY), 0.15)
        writer.write(REQUEST)  # on the same connection, after the end of the first
        rest = b""
        while rest.count(b"the end") < 2:
            rest += await reader.read(65536)
        assert rest.count(BODY) == 3
        writer.close()


async def test_sockets_work_through_it() -> None:
    async with _served() as port, connect(f"ws://127.0.0.1:{port}/") as socket:
        await socket.send("hello")
        assert await socket.recv() == "hello"


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
