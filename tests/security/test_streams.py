"""Who hears of what on which stream: listeners × audiences × streams."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import ClientConnection

from server.runtime import Runtime
from tests.makers import make_member, make_status, make_token, run_jobs
from tests.security.exits import SEES
from tests.security.test_visibility import audience_form
from tests.web.streaming.test_streams import Person, address, line

__all__ = ["address", "line"]  # fixtures

LISTENERS = ("signed-in", "follower", "blocked", "mentioned", "author")
STREAMS = ("user", "public", "public:local", "hashtag", "direct")


async def heard(socket: ClientConnection, event: str) -> set[str]:
    """Ids of the posts of which the listener is told within a moment."""
    found = set()
    try:
        async with asyncio.timeout(0.4):
            while True:
                frame: dict[str, Any] = orjson.loads(await socket.recv())
                if frame.get("event") == event:
                    payload = orjson.loads(frame["payload"])
                    if event == "conversation":
                        payload = payload["last_status"]
                    found.add(str(payload["id"] if isinstance(payload, dict) else payload))
    except TimeoutError:
        return found


@pytest.mark.parametrize("audience", [a for a in SEES if a != "limited"])  # not written here
async def test_every_stream(address: str, runtime: Runtime, audience: str) -> None:
    accounts = {name: await make_member(runtime, name.replace("-", "_")) for name in LISTENERS}
    people = {n: Person(address, await make_token(runtime, a)) for n, a in accounts.items()}
    author = accounts["author"]
    await people["follower"].api.post(f"/api/v1/accounts/{author.id}/follow")
    await people["author"].api.post(f"/api/v1/accounts/{accounts['blocked'].id}/block")
    async with AsyncExitStack() as stack:
        sockets = {}
        for name, person in people.items():
            for stream in STREAMS:
                opened = person.stream(stream, tag="secret")
                sockets[name, stream] = await stack.enter_async_context(opened)
        await asyncio.sleep(0.1)
        status = await make_status(runtime, author, "@mentioned #secret", **audience_form(audience))
        readers = SEES[audience]
        near = {"user": {"follower", "author"} & readers, "direct": set()}
        everybody = readers if audience in {"public", "local only"} else set()
        if audience == "direct":  # its stream tells of conversations alone, as Mastodon's
            near["user"] = {"author"}
            direct = {name: s for name, s in sockets.items() if name[1] == "direct"}
            await expect(direct, "conversation", str(status), {}, {"mentioned", "author"})
        await expect(sockets, "update", str(status), near, everybody)
        await people["author"].api("DELETE", f"/api/v1/statuses/{status}")
        await run_jobs(runtime)
        told = await asyncio.gather(*(heard(socket, "delete") for socket in sockets.values()))
        for (name, stream), found in zip(sockets, told, strict=True):
            if name in {"signed-in", "blocked"} and audience in {"private", "direct"}:
                assert found == set(), (name, stream)
            if name == "follower" and audience == "direct":
                assert found == set(), stream
        assert str(status) in told[list(sockets).index(("author", "user"))]
    for person in people.values():
        await person.http.aclose()


async def expect(
    sockets: dict[tuple[str, str], ClientConnection],
    event: str,
    status: str,
    near: dict[str, set[str]],
    everybody: set[str],
) -> None:
    told = await asyncio.gather(*(heard(socket, event) for socket in sockets.values()))
    wrong = [
        (name, stream, sorted(found))
        for (name, stream), found in zip(sockets, told, strict=True)
        if (status in found) != (name in near.get(stream, everybody))
    ]
    assert wrong == []
