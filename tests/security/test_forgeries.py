"""What has fooled servers, played by servers of somebody else's in a process of their own.

bob and eve live on one host, mallory on another. Each case is named after the advisory that taught
it, or after what is forged; each is refused or has no effect, says why, and changes nothing that
ann sees or keeps.
"""

import asyncio
import dataclasses
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from federation.errors import RemoteError
from federation.transport import fetch as fetching
from server.remote import keys
from server.remote.actors import fetch_account
from server.runtime import Runtime
from server.settings import Settings
from server.store.accounts import Account
from tests.makers import Api, make_token, run_jobs
from tests.scripted import ACTIVITY, JRD
from tests.security.stage import Document, Stage, activity, kept, note_of, send


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, rate_limit_factor=0.0)


@dataclass(frozen=True)
class Forgery:
    """What is sent, by whom it is signed, and what the answer is."""

    make: Callable[[Stage], Document]
    signer: str = "mallory"
    status: int = 202
    more: dict[str, Any] = field(default_factory=dict)
    hours: int = 0  # between now and what it says


def _edited(stage: Stage, **more: Any) -> Document:
    return {**stage.note, "content": "forged", "updated": "2026-06-01T00:00:00Z", **more}


NEIGHBOURS = {  # eve touches what is bob's: the same origin is not the same actor
    "Create": lambda s: activity("Create", s.eve, _edited(s)),
    "Create-attributed": lambda s: activity("Create", s.eve, _edited(s, attributedTo=s.eve)),
    "Update": lambda s: activity("Update", s.eve, _edited(s)),
    "Update-attributed": lambda s: activity("Update", s.eve, _edited(s, attributedTo=s.eve)),
    "Update-actor": lambda s: activity(
        "Update",
        s.eve,
        {
            "id": s.bob,
            "type": "Person",
            "preferredUsername": "bob",
            "name": "Forged",
            "inbox": f"{s.eve}/inbox",
        },
    ),
    "Delete": lambda s: activity("Delete", s.eve, s.note["id"]),
    "Delete-actor": lambda s: activity("Delete", s.eve, s.bob),
    "Undo": lambda s: activity("Undo", s.eve, s.like),
    "Undo-id": lambda s: activity("Undo", s.eve, s.like["id"]),
    "Undo-own-name": lambda s: activity("Undo", s.eve, {**s.like, "actor": s.eve}),
    "Accept": lambda s: activity("Accept", s.eve, s.follow),
    "Reject": lambda s: activity("Reject", s.eve, s.follow),
    "Reject-embedded": lambda s: activity(
        "Reject", s.eve, {"type": "Follow", "id": s.follow, "actor": s.ann, "object": s.bob}
    ),
    "Add": lambda s: activity("Add", s.eve, s.note["id"], target=f"{s.bob}/featured"),
    "Add-own": lambda s: activity("Add", s.eve, s.note["id"], target=f"{s.eve}/featured"),
    "Remove": lambda s: activity("Remove", s.eve, s.note["id"], target=f"{s.bob}/featured"),
    "Move": lambda s: activity("Move", s.eve, s.bob, target=s.eve),
    "Block": lambda s: activity("Block", s.eve, s.bob),
    "Announce-forged": lambda s: activity("Announce", s.eve, activity("Delete", s.bob, s.note)),
}
SIGNED_BY_ANOTHER = {  # CVE-2024-23832, CVE-2025-54888: the key is not the actor's
    kind: Forgery(make, "mallory", 403)
    for kind, make in {
        "Follow": lambda s: activity("Follow", s.bob, s.ann),
        "Undo": lambda s: activity("Undo", s.bob, s.like),
        "Like": lambda s: activity("Like", s.bob, s.post),
        "Announce": lambda s: activity("Announce", s.bob, s.post),
        "Block": lambda s: activity("Block", s.bob, s.ann),
        "Accept": lambda s: activity("Accept", s.bob, s.follow),
        "Reject": lambda s: activity("Reject", s.bob, s.follow),
        "Add": lambda s: activity("Add", s.bob, s.note["id"], target=f"{s.bob}/featured"),
        "Remove": lambda s: activity("Remove", s.bob, s.note["id"], target=f"{s.bob}/featured"),
        "Delete-actor": lambda s: activity("Delete", s.bob, s.bob),
        "Update-actor": lambda s: activity("Update", s.bob, {"id": s.bob, "type": "Person"}),
    }.items()
} | {  # these are a hint to look at the origin, where nothing is different
    f"{kind}-hint": Forgery(make)
    for kind, make in {
        "Create": lambda s: activity("Create", s.bob, _edited(s)),
        "Update": lambda s: activity("Update", s.bob, _edited(s)),
        "Delete": lambda s: activity("Delete", s.bob, s.note["id"]),
    }.items()
}
FORGERIES: dict[str, Forgery] = {
    **{f"neighbour-{kind}": Forgery(make, "eve") for kind, make in NEIGHBOURS.items()},
    **{f"CVE-2025-54888-{kind}": forgery for kind, forgery in SIGNED_BY_ANOTHER.items()},
    "CVE-2024-23832-id-elsewhere": Forgery(
        lambda s: activity(
            "Create", s.mallory, {**note_of(s.mallory, "1", "x"), "id": f"{s.bob}/notes/77"}
        )
    ),
    "CVE-2023-42451-host-spoof": Forgery(
        lambda s: activity(
            "Create", s.mallory, {**note_of(s.mallory, "1", "x"), "id": "http://exa%6dple.test/1"}
        )
    ),
    "CVE-2024-37903-wider-audience": Forgery(
        lambda s: activity(
            "Create",
            s.mallory,
            {**note_of(s.mallory, "1", "x"), "id": s.private, "to": [s.mallory]},
        )
    ),
    "GHSA-3f39-alias-keys": Forgery(
        lambda s: {**activity("Create", s.mallory, _edited(s)), "as:actor": s.bob}
    ),
    "activity-id-elsewhere": Forgery(
        lambda s: {**activity("Follow", s.mallory, s.ann), "id": f"{s.bob}#follow"}, status=403
    ),
    "accept-of-no-request": Forgery(
        lambda s: activity(
            "Accept",
            s.mallory,
            {"type": "Follow", "actor": s.ann, "object": s.mallory, "id": f"{s.ann}#nothing"},
        )
    ),
    "like-of-what-one-may-not-see": Forgery(lambda s: activity("Like", s.mallory, s.private)),
    "announce-of-what-is-for-few": Forgery(lambda s: activity("Announce", s.mallory, s.private)),
    "expired-date": Forgery(lambda s: activity("Follow", s.mallory, s.ann), status=401, hours=-13),
    "date-in-the-future": Forgery(
        lambda s: activity("Follow", s.mallory, s.ann),
        status=401,
        hours=2,
    ),
    "key-of-another-host": Forgery(
        lambda s: activity("Follow", s.mallory, s.ann),
        status=401,
        more={"key_id": "BOB#main-key", "key": "MALLORY#main-key"},
    ),
    "key-of-ours": Forgery(
        lambda s: activity("Follow", s.mallory, s.ann),
        status=401,
        more={"key_id": "ANN#main-key", "key": "MALLORY#main-key"},
    ),
    "key-of-ours-that-is-none": Forgery(
        lambda s: activity("Follow", s.mallory, s.ann),
        status=401,
        more={"key_id": "ANN#other-key", "key": "MALLORY#main-key"},
    ),
    "older-edit": Forgery(
        lambda s: activity("Update", s.bob, _edited(s, updated="2025-01-01T00:00:00Z")), "bob"
    ),
    "javascript-link": Forgery(
        lambda s: activity("Update", s.bob, _edited(s, id="javascript:alert(1)")), "bob"
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_forgery(
    name: str,
    stage: Stage,
    runtime: Runtime,
    client: httpx.AsyncClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    forgery, signer = FORGERIES[name], getattr(stage, FORGERIES[name].signer)
    for who in (stage.eve, stage.mallory):
        await fetch_account(runtime, who)
    more = {
        key: value.replace("BOB", stage.bob)
        .replace("MALLORY", stage.mallory)
        .replace("ANN", stage.ann)
        if isinstance(value, str)
        else value
        for key, value in forgery.more.items()
    }
    before = await kept(runtime)
    caplog.clear()
    more["at"] = datetime.now(UTC) + timedelta(hours=forgery.hours)
    answer = await send(client, stage.far, forgery.make(stage), signer, **more)
    assert answer.status_code == forgery.status, answer.text
    await run_jobs(runtime)
    assert await kept(runtime) == before
    reasons = [one for one in caplog.records if one.name.startswith(("server.", "web."))]
    assert reasons, "nobody hears why"
    if answer.status_code != 202:
        assert answer.json()["error"]


@pytest.mark.parametrize("place", ["inbox", "outbox", "followers", "featured"])
async def test_actor_with_a_part_elsewhere(
    place: str, stage: Stage, runtime: Runtime, client: httpx.AsyncClient
) -> None:
    trudy = stage.far.actor(stage.far.origin("evil"), "trudy", **{place: f"{stage.bob}/{place}"})
    before = await kept(runtime)
    answer = await send(client, stage.far, activity("Follow", trudy, stage.ann), trudy)
    assert answer.status_code == 403
    assert place in answer.json()["error"]
    assert await kept(runtime) == before


async def test_actor_and_key_swapped(
    stage: Stage, runtime: Runtime, client: httpx.AsyncClient
) -> None:
    """fedify#963, CVE-2024-23832: a key's document names bob as its owner, bob does not know it."""
    far, evil = stage.far, stage.far.origin("evil")
    key_id = f"{evil}/keys/1"
    document = {"id": key_id, "owner": stage.bob, "publicKeyPem": far.key(key_id)}
    far.serve(key_id, document)
    before = await kept(runtime)
    follow = activity("Follow", stage.bob, stage.ann)
    answer = await send(client, far, follow, stage.bob, key_id=key_id, key=key_id)
    assert answer.status_code == 403
    same_host = f"{stage.far.origin(f'home {runtime.settings.data}')}/keys/2"
    far.serve(same_host, {**document, "id": same_host})
    answer = await send(client, far, follow, stage.bob, key_id=same_host, key=key_id)
    assert answer.status_code == 401
    assert await kept(runtime) == before


async def test_a_key_in_a_document_of_its_own(
    stage: Stage, runtime: Runtime, client: httpx.AsyncClient
) -> None:
    """Whose key it is, both say: the actor by its address, the key by its owner."""
    far, home = stage.far, stage.far.origin("apart")
    key_id = f"{home}/keys/1"
    carl = far.actor(home, "carl", publicKey=key_id)
    dora = far.actor(home, "dora")
    document = {"id": key_id, "owner": carl, "publicKeyPem": far.key(key_id)}
    far.serve(key_id, {**document, "owner": dora})
    follow = activity("Follow", carl, stage.ann)
    answer = await send(client, far, follow, carl, key_id=key_id, key=key_id)
    assert answer.status_code == 401  # dora does not know it
    key_id = f"{home}/keys/2"
    far.actor(home, "carl", publicKey=[key_id, {"id": f"{home}/keys/3"}])
    far.serve(key_id, {**document, "id": key_id})
    for sender, status in ((dora, 403), (carl, 202)):
        follow = activity("Follow", sender, stage.ann)
        answer = await send(client, far, follow, sender, key_id=key_id, key=f"{home}/keys/1")
        assert answer.status_code == status
    await runtime.db.execute("UPDATE actor_keys SET public_pem = 'x' WHERE uri = $1", key_id)
    again = activity("Follow", carl, stage.ann)
    answer = await send(client, far, again, carl, key_id=key_id, key=f"{home}/keys/1")
    assert answer.status_code == 202  # read anew


async def test_a_handle_instead_of_a_key(
    stage: Stage, runtime: Runtime, client: httpx.AsyncClient
) -> None:
    """It stands for whom WebFinger names, and for nobody else."""
    far, home = stage.far, stage.far.origin("handles")
    carl = far.actor(home, "carl")
    host = home.partition("://")[2]

    async def send_as(sender: str, handle: str) -> int:
        follow, key = activity("Follow", sender, stage.ann), f"{carl}#main-key"
        answer = await send(client, far, follow, sender, key_id=f"acct:{handle}", key=key)
        return answer.status_code

    before = await kept(runtime)
    for handle in ("ann@localhost:3000", f"nobody@{host}", "carl", "carl@a b"):
        assert await send_as(carl, handle) in {400, 401}
    assert await kept(runtime) == before
    assert await send_as(stage.bob, f"carl@{host}") == 403
    assert await send_as(carl, f"carl@{host}") == 202
    bob = stage.bob.partition("://")[2].partition("/")[0]
    assert await send_as(stage.bob, f"bob@{bob}") == 401  # with carl's key


async def test_webfinger_that_points_elsewhere(stage: Stage, runtime: Runtime) -> None:
    """Two actors claim one handle: WebFinger decides; nobody takes a handle of another host."""
    far, evil = stage.far, stage.far.origin("evil")
    rival = f"{evil}/users/rival"
    far.serve(rival, far.actor_document(rival, "mallory"))
    await fetch_account(runtime, stage.mallory)
    before = await kept(runtime)
    with pytest.raises(RemoteError):
        await fetch_account(runtime, rival)
    host, home = evil.partition("://")[2], stage.bob.partition("/users/")[0].partition("://")[2]
    subject = f"acct:bob@{home}"
    link = {"rel": "self", "type": ACTIVITY, "href": f"{evil}/users/fake"}
    jrd = {"subject": subject, "links": [link]}
    far.serve(f"{evil}/users/fake", far.actor_document(f"{evil}/users/fake", "fake"))
    far.serve(f"http://{host}/.well-known/webfinger?resource=acct:fake@{host}", jrd, kind=JRD)
    assert await kept(runtime) == before
    found = await fetch_account(runtime, f"{evil}/users/fake")
    assert (found.username, found.domain) == ("fake", host)  # never bob of home
    assert (await fetch_account(runtime, stage.bob)).domain == home


@pytest.mark.parametrize(
    "answer",
    [
        {"kind": "text/html"},
        {"kind": "image/png"},
        {"kind": "application/json"},
        {"kind": "application/ld+json"},
        {"status": 302, "headers": {"Location": "http://10.0.0.1/"}},
        {"status": 302, "headers": {"Location": "http://169.254.169.254/latest/meta-data"}},
        {"status": 302, "headers": {"Location": "http://[::ffff:10.0.0.1]/"}},
        {"status": 302, "headers": {"Location": "http://100.64.0.1/"}},
        {"status": 302, "headers": {"Location": "http://[64:ff9b::a00:1]/"}},
        {"status": 302, "headers": {"Location": "file:///etc/passwd"}},
        {"status": 302, "headers": {"Location": "LOOP"}},
        {"endless": True},
    ],
    ids=lambda a: json.dumps(a)[:60],
)
async def test_what_is_fetched(
    answer: dict[str, Any], stage: Stage, runtime: Runtime, ann: Account, client: httpx.AsyncClient
) -> None:
    """CVE-2024-25623, CVE-2026-77632, CVE-2025-68475: only what is said to be ActivityPub, from
    where it says to be, over few public hops, and no more than a mebibyte of it.
    """
    api = Api(client, await make_token(runtime, ann))
    note = note_of(stage.mallory, "9", "x")
    headers = dict(answer.get("headers", {}))
    if headers.get("Location") == "LOOP":
        headers["Location"] = note["id"]
    stage.far.serve(note["id"], note, **{**answer, "headers": headers})
    before = await kept(runtime)
    found = await api.get("/api/v2/search", q=note["id"], resolve="true")
    assert found["statuses"] == []
    assert await kept(runtime) == before


async def test_a_slow_key_host_holds_nobody(
    stage: Stage,
    client: httpx.AsyncClient,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """CVE-2023-36461: one question at a time for each host, and a short one."""
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(fetching, "DEADLINE_SECONDS", 600)  # not this one ends it
    monkeypatch.setattr(keys, "_WAIT_SECONDS", 0.5)
    far, slow = stage.far, stage.far.origin("slow")
    people = [f"{slow}/users/u{n}" for n in range(3)]
    for uri in people:
        document = far.actor_document(uri, uri[-2:])
        far.serve(uri, document, pace=0.5)
    far.asked()
    begin = time.monotonic()
    sent = [send(client, far, activity("Follow", uri, stage.ann), uri) for uri in people]
    answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} == {503}
    assert time.monotonic() - begin < 60
    assert len([url for url in far.asked() if url.startswith(slow)]) == 1
    assert "KeyUnavailable" in caplog.text


async def test_a_dead_key_is_asked_for_once(stage: Stage, client: httpx.AsyncClient) -> None:
    far, uri = stage.far, f"{stage.far.origin('evil')}/users/dead"
    far.key(f"{uri}#main-key")
    far.serve(uri, None, status=410)
    far.asked()
    for _ in range(3):
        answer = await send(client, far, activity("Follow", uri, stage.ann), uri)
        assert answer.status_code == 401
    answer = await send(client, far, activity("Delete", uri, uri), uri)
    assert answer.status_code == 202
    assert far.asked() == [uri]


async def test_a_key_that_was_changed(
    stage: Stage, runtime: Runtime, client: httpx.AsyncClient
) -> None:
    """It is fetched anew once, and not for everybody who signs with something else."""
    far, uri = stage.far, stage.mallory
    await fetch_account(runtime, uri)
    new = far.key(f"{uri}#new")
    document = far.actor_document(uri, "mallory")
    document["publicKey"]["publicKeyPem"] = new
    far.serve(uri, document)
    far.asked()
    follow = activity("Follow", uri, stage.ann)
    answer = await send(client, far, follow, uri, key=f"{uri}#new")
    assert answer.status_code == 202
    for _ in range(3):
        answer = await send(client, far, follow, uri, key=f"{stage.bob}#main-key")
        assert answer.status_code == 401
    assert far.asked().count(uri) == 1
