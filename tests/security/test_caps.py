"""Claims without end: each list, text and count of somebody else's has a limit."""

import dataclasses
from typing import Any

import httpx
import pytest

from server.remote.actors import fetch_account
from server.remote.backfill import fill_account_job
from server.runtime import Runtime
from server.settings import Settings
from server.store import statuses
from server.store.accounts import Account
from tests.makers import Api, make_token, run_jobs
from tests.security.stage import Document, Stage, activity, note_of, send

MANY = 1900  # as many as fit into a document with the rest


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, rate_limit_factor=0.0)


async def shown(
    stage: Stage, runtime: Runtime, client: httpx.AsyncClient, ann: Account, note: Document
) -> dict[str, Any]:
    """What ann sees of a note of bob's."""
    create = activity("Create", stage.bob, note)
    assert (await send(client, stage.far, create, stage.bob)).status_code == 202
    await run_jobs(runtime)
    status = await statuses.find_by_uri(runtime.db, note["id"])
    assert status
    api = Api(client, await make_token(runtime, ann))
    found: dict[str, Any] = await api.get(f"/api/v1/statuses/{status.id}")
    return found


async def test_of_everything_so_much(
    stage: Stage, runtime: Runtime, client: httpx.AsyncClient, ann: Account
) -> None:
    """CVE-2026-23962, -23963."""
    people = [f"http://127.9.9.9:1/users/{n}" for n in range(300)]
    stage.far.asked()
    note = note_of(
        stage.bob,
        "many",
        "x" * 300_000,
        summary="y" * 9_000,
        attachment=[
            {"type": "Image", "url": f"{stage.bob}/{n}.png", "name": "z" * 20_000 * (n < 2)}
            for n in range(400)
        ],
        tag=[{"type": "Mention", "href": uri, "name": "@x"} for uri in people]
        + [{"type": "Hashtag", "name": f"#tag{n}"} for n in range(400)]
        + [{"type": "Hashtag", "name": "#" + "t" * 50_000}]
        + [
            {"type": "Emoji", "name": f":e{n}:", "icon": {"url": f"{stage.bob}/e{n}"}}
            for n in range(400)
        ],
    )
    found = await shown(stage, runtime, client, ann, note)
    assert len(found["content"]) <= 210_000
    assert len(found["spoiler_text"]) <= 5_000
    assert len(found["media_attachments"]) == 16
    assert max(len(m["description"] or "") for m in found["media_attachments"]) <= 10_000
    assert len(found["tags"]) <= 100
    assert max(len(tag["name"]) for tag in found["tags"]) <= 100
    assert len(found["emojis"]) <= 100
    assert len(found["mentions"]) == 0  # nobody is there
    asked = [url for url in stage.far.asked() if "/users/" in url]
    assert len(asked) <= 20


CLAIMED: list[tuple[Any, int]] = [
    (2**63 - 1, 2**31 - 1),
    (-5, 0),
    (1.5, 0),
    ("7", 0),
    (True, 0),
    (None, 0),
    ([9], 0),
    (3, 3),
]


async def test_counts_of_a_poll(
    stage: Stage, runtime: Runtime, client: httpx.AsyncClient, ann: Account
) -> None:
    """Never negative, never absurd; and not more choices than a poll has."""
    choices = [
        {
            "type": "Note",
            "name": f"choice {n}" + "w" * 600,
            "replies": {"totalItems": CLAIMED[n % len(CLAIMED)][0]},
        }
        for n in range(MANY // 2)
    ]
    for number, (claimed, _) in enumerate(CLAIMED):
        note = note_of(
            stage.bob, f"poll{number}", "?", type="Question", oneOf=choices, votersCount=claimed
        )
        found = await shown(stage, runtime, client, ann, note)
        options = found["poll"]["options"]
        assert len(options) == 20
        expected = [CLAIMED[n % len(CLAIMED)][1] for n in range(20)]
        assert [option["votes_count"] for option in options] == expected
        assert {len(option["title"]) for option in options} == {500}
        assert found["poll"]["voters_count"] in {CLAIMED[number][1], None}


async def test_what_collections_claim_is_not_believed(
    stage: Stage, runtime: Runtime, client: httpx.AsyncClient, ann: Account
) -> None:
    """Favourites, boosts and answers are those that are known here; followers as well."""
    huge = {"type": "Collection", "totalItems": 10**9}
    note = note_of(
        stage.bob,
        "liked",
        "hello",
        likes=huge,
        shares=huge,
        replies={**huge, "id": f"{stage.bob}/replies", "items": []},
    )
    found = await shown(stage, runtime, client, ann, note)
    counts = [found[f"{name}_count"] for name in ("favourites", "reblogs", "replies")]
    assert counts == [0, 0, 0]
    stage.far.serve(f"{stage.bob}/followers", {"id": f"{stage.bob}/followers", **huge})
    bob = await fetch_account(runtime, stage.bob)
    api = Api(client, await make_token(runtime, ann))
    account = await api.get(f"/api/v1/accounts/{bob.id}")
    assert account["followers_count"] == 1  # ann


async def test_of_an_actor_so_much(
    stage: Stage, runtime: Runtime, client: httpx.AsyncClient, ann: Account
) -> None:
    fields = [{"type": "PropertyValue", "name": "n" * 900, "value": "v" * 9_000} for _ in range(60)]
    evil = stage.far.origin("evil")
    uri = stage.far.actor(evil, "vast")
    document = stage.far.actor_document(
        uri,
        "vast",
        name="a" * 5_000,
        summary="b" * 200_000,
        attachment=fields,
        alsoKnownAs=[f"{stage.bob}/{n}" for n in range(MANY)],
        tag=[
            {"type": "Emoji", "name": f":e{n}:", "icon": {"url": f"{stage.bob}/e{n}"}}
            for n in range(MANY // 2)
        ],
    )
    stage.far.serve(uri, document)
    account = await fetch_account(runtime, uri)
    api = Api(client, await make_token(runtime, ann))
    found = await api.get(f"/api/v1/accounts/{account.id}")
    assert len(found["display_name"]) <= 200
    assert len(found["note"]) <= 60_000
    assert len(found["fields"]) == 16
    assert max(len(f["name"]) for f in found["fields"]) <= 255
    assert max(len(f["value"]) for f in found["fields"]) <= 2_100
    assert len(found["emojis"]) <= 100
    assert len(account.also_known_as) == 20


async def test_pins_without_end(stage: Stage, runtime: Runtime) -> None:
    """A collection whose pages follow each other for ever is read a little way."""
    far, featured = stage.far, f"{stage.bob}/featured"
    for n in range(30):
        place = featured if n == 0 else f"{featured}?page={n}"
        far.serve(
            place,
            {
                "id": place,
                "type": "OrderedCollectionPage",
                "next": f"{featured}?page={n + 1}",
                "orderedItems": [f"{stage.bob}/notes/p{n}-{m}" for m in range(5)],
            },
        )
    bob = await fetch_account(runtime, stage.bob)
    far.asked()
    await fill_account_job(runtime, bob.id)
    asked = far.asked()
    assert len([url for url in asked if "/featured" in url]) <= 3
    assert len([url for url in asked if "/notes/" in url]) <= 20
