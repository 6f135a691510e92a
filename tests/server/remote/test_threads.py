from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.remote.statuses import find_or_fetch_status
from server.remote.threads import complete_thread_job
from server.runtime import Runtime
from server.store import statuses
from tests.makers import Api, run_jobs
from tests.neighbour import Neighbour, neighbour

LONG_AGO = (datetime.now(UTC) - timedelta(hours=1)).isoformat()


@pytest.fixture
def home() -> Iterator[Neighbour]:
    with neighbour() as served:
        yield served


@pytest.fixture
def away() -> Iterator[Neighbour]:
    with neighbour() as served:
        yield served


def page(home: Neighbour, path: str, items: list[Any], following: str | None = None) -> str:
    uri = f"{home.origin}{path}"
    document = {"id": uri, "type": "CollectionPage", "items": items}
    home.documents[path] = document | ({"next": following} if following else {})
    return uri


async def known(runtime: Runtime, *notes: dict[str, Any]) -> list[bool]:
    return [await statuses.find_by_uri(runtime.db, note["id"]) is not None for note in notes]


async def test_a_member_who_looks_at_a_thread_finds_it_whole_a_little_later(
    runtime: Runtime, home: Neighbour, away: Neighbour, anna: Api, stranger: Api
) -> None:
    bob, carol = home.actor("bob"), away.actor("carol")
    root = home.note(bob, "0", published=LONG_AGO)
    own = home.note(bob, "1", inReplyTo=root["id"])
    answer = away.note(carol, "2", inReplyTo=root["id"])
    deep = home.note(bob, "3", inReplyTo=answer["id"])
    other = away.note(carol, "4", inReplyTo=root["id"])
    away.documents["/users/carol/statuses/2"]["replies"] = page(away, "/r2", [deep["id"]])
    following = page(home, "/more", [answer["id"], answer["id"], f"{home.origin}/gone"])
    root["replies"] = {
        "id": f"{home.origin}/r0",
        "type": "Collection",
        "first": {"type": "CollectionPage", "items": [own["id"]], "next": following},
    }
    root["context"] = page(home, "/context", [root["id"], other["id"]])
    status = await find_or_fetch_status(runtime, root["id"])
    path = f"/api/v1/statuses/{status.id}/context"
    assert "mastodon-async-refresh" not in (await stranger("GET", path)).headers
    told = (await anna("GET", path)).headers["mastodon-async-refresh"]
    token = told.split('"')[1]
    assert told == f'id="{token}", retry=3, result_count=0'
    refresh = f"/api/v1_alpha/async_refreshes/{token}"
    assert (await anna.get(refresh))["async_refresh"]["status"] == "running"
    assert (await stranger("GET", refresh)).status_code == 401
    assert (await anna("GET", f"{refresh}x")).status_code == 404
    await run_jobs(runtime)
    assert (await anna.get(refresh))["async_refresh"] == {
        "id": token,
        "status": "finished",
        "result_count": 4,
    }
    shown = await anna("GET", path)
    uris = {one["uri"] for one in shown.json()["descendants"]}
    assert uris == {own["id"], answer["id"], deep["id"], other["id"]}
    assert "mastodon-async-refresh" not in shown.headers
    for table in ("notifications", "home_entries"):
        assert await runtime.db.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_what_a_collection_may_not_bring(
    runtime: Runtime, home: Neighbour, away: Neighbour
) -> None:
    bob, eve = home.actor("bob"), away.actor("eve")
    root = home.note(bob, "0", published=LONG_AGO)
    unrelated = home.note(bob, "1")
    forged = away.note(eve, "2", inReplyTo=root["id"], attributedTo=bob)
    elsewhere = away.note(eve, "3", inReplyTo=root["id"])
    root["replies"] = page(home, "/r", [unrelated["id"], forged["id"], {"no": "id"}, 5])
    root["context"] = page(away, "/c", [elsewhere["id"]])
    status = await find_or_fetch_status(runtime, root["id"])
    await complete_thread_job(runtime, status.id)
    assert await known(runtime, unrelated, forged, elsewhere) == [False, False, False]


async def test_endless_collections_end(runtime: Runtime, home: Neighbour) -> None:
    bob = home.actor("bob")
    root = home.note(bob, "0", published=LONG_AGO)
    for number in range(1, 30):
        answer = home.note(bob, f"{number}", inReplyTo=root["id"])
        page(home, f"/p{number}", [answer["id"]], f"{home.origin}/p{number + 1}")
    root["replies"] = f"{home.origin}/p1"
    status = await find_or_fetch_status(runtime, root["id"])
    await complete_thread_job(runtime, status.id)
    assert await runtime.db.fetchval("SELECT count(*) FROM statuses") == 1 + 10
