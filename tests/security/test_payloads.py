"""What other servers really send, through the inbox with signatures, and as clients then see it.

The payloads stand beside the project (see payloads.py); without them there is nothing to run.
"""

import dataclasses
from collections.abc import Awaitable, Callable, Iterator

import httpx
import orjson
import pytest

from federation.documents.audience import PUBLIC
from server.runtime import Runtime
from server.settings import Settings
from tests.makers import Api, make_member, make_token
from tests.scripted import Scripted, scripted
from tests.security import payloads
from tests.security.payloads import Moved, Payload
from tests.security.play import INBOX, Here, play, play_readable

FOLDER = payloads.folder()
pytestmark = pytest.mark.skipif(
    FOLDER is None, reason="no payloads here: WANDELGANG_PAYLOADS names their folder"
)


@pytest.fixture(scope="module")
def far() -> Iterator[Scripted]:
    with scripted() as found:
        yield found


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, rate_limit_factor=0.0)


@pytest.fixture
async def here(runtime: Runtime, client: httpx.AsyncClient, far: Scripted) -> Here:
    ann = await make_member(runtime, "ann")
    far.key("shared")
    return Here(runtime, client, Api(client, await make_token(runtime, ann)), far, ann)


async def test_what_is_to_be_accepted(here: Here) -> None:
    async def one(payload: Payload) -> None:
        await play(here, Moved(here.far, payload.file, payload.document))

    await _each("accept", one)


async def test_parts_laid_over_a_note(here: Here) -> None:
    """The parts know a server `pasture-one-actor` with an actor and a note."""

    async def one(payload: Payload) -> None:
        host, name = "http://pasture-one-actor", payload.file.rpartition("/")[2]
        note = {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{host}/objects/{name}",
            "type": "Note",
            "attributedTo": f"{host}/actor",
            "to": [PUBLIC],
            "cc": [],
            "published": "2026-11-01T10:00:00Z",
            **payload.document,
        }
        note = {name: value for name, value in note.items() if value is not None}
        moved = Moved(here.far, payload.file, note)
        base = moved.origin("pasture-one-actor")
        moved.serve_note(f"{base}/assets/note1.jsonap", f"{base}/actor")
        await play_readable(here, moved, moved.document, author=f"{base}/actor")

    await _each("accept-or-ignore", one)


async def test_hostile_cases(here: Here) -> None:
    """mallory of evil.example plays them; what the victim and ann have stays as it is."""
    assert FOLDER
    for payload in payloads.read_index(FOLDER):
        if payload.file.startswith("hostile/"):
            await _refuse(here, payload)


async def _refuse(here: Here, payload: Payload) -> None:
    text = orjson.dumps(payload.document)
    text = text.replace(b"https://a.suite.test/users/alice", here.ann.uri.encode())
    text = text.replace(b"https://a.suite.test", here.runtime.settings.origin.encode())
    moved = Moved(here.far, payload.file, orjson.loads(text))
    case, document = moved.document, moved.document["document"]
    mallory = f"{moved.origin('evil.example')}/users/mallory"
    key_id = moved.serve_actor(mallory)
    for uri in (mallory, f"{moved.origin('peer.example')}/users/victim"):
        moved.serve_actor(uri)
        await here.follow(uri)
    before = await _kept(here)
    if case["kind"] == "inbox":
        await here.put(document, key_id)
    elif case["kind"] == "fetch":
        url = document.get("id") or f"{moved.origin('peer.example')}/away"
        headers = {"Location": document["redirect"]} if "redirect" in document else {}
        status = 302 if headers else 200
        here.far.serve(url, document, status=status, headers=headers, kind=case["content_type"])
        assert (await here.api.get("/api/v2/search", q=url, resolve="true"))["statuses"] == []
    else:
        follow = {"type": "Follow", "id": f"{mallory}#1", "actor": mallory, "object": here.ann.uri}
        body = orjson.dumps(follow)
        headers = here.far.sign(INBOX, body, mallory, key="shared")
        headers["Signature"] = headers["Signature"].replace(" digest", "")
        answer = await here.client.post("/ap/inbox", content=body, headers=headers)
        assert answer.status_code == 401
    if case["expect"] == "refuse":
        assert await _kept(here) == before, payload.file
        return
    status = await here.status(document["object"]["id"])
    assert status
    assert status["spoiler_text"] == "cw"
    assert status["emojis"] == status["media_attachments"] == []
    for bad in ("script", "onclick", "onerror", "onload", "<img", "<svg", "<math"):
        assert bad not in status["content"]


async def _kept(here: Here) -> list[object]:
    return [
        await here.runtime.db.fetchval(f"SELECT array_agg(t.* ORDER BY 1) FROM {table} t")
        for table in (
            "(SELECT uri, content FROM statuses)",
            "(SELECT account_id, target_id FROM follows)",
            "(SELECT uri, display_name, inbox_url FROM accounts)",
        )
    ]


async def _each(verdict: str, one: Callable[[Payload], Awaitable[None]]) -> None:
    """Play all of a verdict; what failed is told at once."""
    assert FOLDER
    found = [p for p in payloads.read_index(FOLDER) if p.verdict.split()[0] == verdict]
    failed = []
    for payload in found:
        try:
            await one(payload)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told below
            failed.append(f"{payload.file}: {payload.type}: {type(error).__name__} {error}"[:500])
    assert not failed, f"{len(failed)} of {len(found)}\n" + "\n".join(failed)
