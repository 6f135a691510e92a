"""A name that leads elsewhere from one moment to the next (DNS rebinding).

127.0.0.2 may be talked to by that name, 127.0.0.3 may not; both have a server that counts who
comes.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from federation.errors import NotAllowed, RemoteError, Unreachable
from federation.transport.client import Client, open_client
from federation.transport.fetch import fetch
from federation.transport.send import Outcome, post_activity

# Addresses that nothing else here listens on: the same port must be free on both.
ALLOWED, TRAP = "127.0.0.2", "127.0.0.3"


@dataclass
class World:
    """`answers` are what a name server says, one after the other, the last one for ever."""

    port: int
    client: Client
    answers: list[list[str]] = field(default_factory=list)
    asked: int = 0
    came: list[str] = field(default_factory=list)  # addresses that were connected to
    location: str = ""

    @property
    def url(self) -> str:
        return f"http://name.test:{self.port}/"


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.came.append(writer.get_extra_info("sockname")[0])
        await reader.readuntil(b"\r\n\r\n")
        head = (
            f"HTTP/1.1 302 X\r\nLocation: {found.location}"
            if found.location
            else ("HTTP/1.1 200 OK")
        )
        writer.write(f"{head}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    servers = [await asyncio.start_server(serve, ALLOWED, 0)]
    port = servers[0].sockets[0].getsockname()[1]  # whoever takes any port now takes another one
    servers.append(await asyncio.start_server(serve, TRAP, port))
    name = f"name.test:{port}={ALLOWED}/32"
    async with open_client("https://here.test", [name], allows_plain=True) as client:
        found = World(port, client)
        real = socket.getaddrinfo

        def resolve(host: Any, port: Any, *more: Any, **named: Any) -> Any:
            if host != "name.test":
                return real(host, port, *more, **named)
            found.asked += 1
            said = found.answers[min(found.asked, len(found.answers)) - 1]
            kind = socket.SOCK_STREAM
            return [(socket.AF_INET, kind, 6, "", (address, port)) for address in said]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        yield found
    for server in servers:
        server.close()


async def test_the_address_that_was_looked_at_is_the_one_that_is_used(world: World) -> None:
    world.answers = [[ALLOWED], [TRAP]]
    assert (await fetch(world.client, world.url, "*/*", 100)).body == b"ok"
    assert (world.asked, world.came) == (1, [ALLOWED])
    for _ in range(3):
        with pytest.raises((NotAllowed, Unreachable)):
            await fetch(world.client, world.url, "*/*", 100)
    assert world.came == [ALLOWED]


async def test_of_several_addresses_only_the_allowed_ones(world: World) -> None:
    world.answers = [[TRAP, ALLOWED, TRAP]]
    for _ in range(3):
        await fetch(world.client, world.url, "*/*", 100)
    assert set(world.came) == {ALLOWED}


async def test_it_changes_between_a_redirect_and_what_it_leads_to(world: World) -> None:
    world.answers, world.location = [[ALLOWED], [TRAP]], world.url
    with pytest.raises(RemoteError):
        await fetch(world.client, world.url, "*/*", 100)
    assert world.came == [ALLOWED]


async def test_what_we_send_goes_nowhere_else_either(world: World) -> None:
    world.answers = [[TRAP]]
    answer = await post_activity(world.client, world.url, b"{}", {}, 5)
    assert answer.outcome is not Outcome.ACCEPTED
    assert world.came == []
