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
from tests.web.streaming.test_streams import Person, address, app, line

__all__ = ["address", "app", "line"]  # fixtures

LISTENERS = ("signed-in", "follower", "blocked", "mentioned", "author")
STREAMS = ("user", "public", "public:local", "hashtag", "direct")
_PATIENCE = 60.0  # for what is to come


async def heard(socket: ClientConnection, event: str, status: str, seconds: float) -> bool:
    """Whether the listener is told of the post within that time."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                frame: dict[str, Any] = orjson.loads(await socket.recv())
                if frame.get("event") != event:
                    continue
                payload = orjson.loads(frame["payload"])
                if event == "conversation":
                    payload = payload["last_status"]
                if str(payload["id"] if isinstance(payload, dict) else payload) == status:
                    return True
    except TimeoutError:
        return False


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
        form = audience_form(audience)
        status = str(await make_status(runtime, author, "@mentioned #secret", **form))
        readers = SEES[audience]
        near = {"user": {"follower", "author"} & readers, "direct": set()}
        everybody = readers if audience in {"public", "local only"} else set()
        if audience == "direct":  # its stream tells of conversations alone, as Mastodon's
            near["user"] = {"author"}
            direct = {name: s for name, s in sockets.items() if name[1] == "direct"}
            await expect(direct, "conversation", status, {}, {"mentioned", "author"})
        await expect(sockets, "update", status, near, everybody)
        await people["author"].api("DELETE", f"/api/v1/statuses/{status}")
        await run_jobs(runtime)
        assert await heard(sockets["author", "user"], "delete", status, _PATIENCE)
        strangers = {"signed-in", "blocked"} if audience in {"private", "direct"} else set[str]()
        strangers |= {"follower"} if audience == "direct" else set()
        hidden = {who: socket for who, socket in sockets.items() if who[0] in strangers}
        await expect(hidden, "delete", status, {}, set())
    for person in people.values():
        await person.http.aclose()


async def expect(
    sockets: dict[tuple[str, str], ClientConnection],
    event: str,
    status: str,
    near: dict[str, set[str]],
    everybody: set[str],
) -> None:
    """Those who are to hear of it are waited for; then it is with all others, if it comes."""
    hearing = {who for who in sockets if who[0] in near.get(who[1], everybody)}
    for is_told, seconds in ((True, _PATIENCE), (False, 0.4)):
        asked = [who for who in sockets if (who in hearing) == is_told]
        told = await asyncio.gather(*(heard(sockets[w], event, status, seconds) for w in asked))
        wrong = [who for who, is_so in zip(asked, told, strict=True) if is_so != is_told]
        assert wrong == [], "not told" if is_told else "told"
