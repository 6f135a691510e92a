"""What others may do to us, through the real inbox with real signatures."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from federation.documents.audience import PUBLIC
from server.runtime import Runtime
from server.settings import Settings
from server.store.accounts import Account
from tests.makers import Api, app_client, make_member, make_status, make_token, run_jobs, state_of
from tests.neighbour import Neighbour, activity, deliver, neighbour, now_text


@pytest.fixture
def home() -> Iterator[Neighbour]:
    with neighbour() as found:
        yield found


@pytest.fixture
async def ann(runtime: Runtime) -> Account:
    return await make_member(runtime, "ann")


@pytest.fixture
async def api(runtime: Runtime, client: httpx.AsyncClient, ann: Account) -> Api:
    return Api(client, await make_token(runtime, ann))


async def put(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, what: Any, **more: Any
) -> int:
    answer = await deliver(client, home, what, **more)
    await run_jobs(runtime)
    return answer.status_code


async def put_dated(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, what: Any, at: datetime
) -> int:
    """The same, signed at that time: the same bytes for the same time."""
    body, headers = home.signed("http://localhost:3000/ap/inbox", what, at=at)
    answer = await client.post("/ap/inbox", content=body, headers=headers)
    await run_jobs(runtime)
    return answer.status_code


async def follow(api: Api, runtime: Runtime, home: Neighbour, name: str) -> str:
    """ann follows somebody there, who accepts by naming the Follow's id alone."""
    found = await api.get("/api/v2/search", q=f"@{name}@{home.domain}", resolve="true")
    account_id = found["accounts"][0]["id"]
    await api.post(f"/api/v1/accounts/{account_id}/follow")
    return str(account_id)


async def accepted(
    api: Api, client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, bob: str
) -> str:
    account_id = await follow(api, runtime, home, bob.rpartition("/")[2])
    uri = await runtime.db.fetchval("SELECT uri FROM follow_requests")
    assert await put(client, runtime, home, activity("Accept", bob, uri)) == 202
    return account_id


async def texts(api: Api) -> list[str]:
    return [status["content"] for status in await api.get("/api/v1/timelines/home")]


async def test_follow_accept_post_edit_delete(
    api: Api, client: httpx.AsyncClient, runtime: Runtime, home: Neighbour
) -> None:
    bob = home.actor("bob")
    await accepted(api, client, runtime, home, bob)
    note = home.note(bob, "1", "<p>first</p><script>alert(1)</script>")
    create = activity("Create", bob, note)
    assert await put(client, runtime, home, create) == 202
    assert await put(client, runtime, home, create) == 202
    assert await texts(api) == ["<p>first</p>"]
    later = (datetime.now(UTC) + timedelta(seconds=5)).isoformat().replace("+00:00", "Z")
    edited = {**note, "content": "<p>second</p>", "updated": now_text()}
    assert await put(client, runtime, home, activity("Update", bob, edited)) == 202
    stale = {**note, "content": "<p>older</p>", "updated": "2020-01-01T00:00:00Z"}
    await put(client, runtime, home, activity("Update", bob, stale, n=later))
    assert await texts(api) == ["<p>second</p>"]
    await put(client, runtime, home, activity("Delete", bob, note["id"]))
    assert await texts(api) == []
    await put(client, runtime, home, activity("Create", bob, note, late=1))
    assert await texts(api) == []


async def test_one_id_for_every_follow_of_a_pair(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, ann: Account
) -> None:
    bob = home.actor("bob")
    same = {**activity("Follow", bob, ann.uri), "id": f"{bob}/follows/ann"}
    undo = activity("Undo", bob, {"type": "Follow", "actor": bob, "object": ann.uri})
    steps = ((same, 1), (undo, 0), (same, 1), (same, 1), (undo, 0), (same, 1))
    for second, (what, count) in enumerate(steps):
        at = datetime.now(UTC) + timedelta(seconds=second)
        assert await put_dated(client, runtime, home, what, at) == 202
        assert await runtime.db.fetchval("SELECT count(*) FROM follows") == count
    assert await runtime.db.fetchval("SELECT sum(followers_count) FROM account_stats") == 1


async def test_a_request_that_is_sent_again_by_others_has_no_effect(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, ann: Account
) -> None:
    bob = home.actor("bob")
    follow = {**activity("Follow", bob, ann.uri), "id": f"{bob}/follows/ann"}
    at = datetime.now(UTC) - timedelta(seconds=9)
    assert await put_dated(client, runtime, home, follow, at) == 202
    assert await put(client, runtime, home, activity("Undo", bob, follow)) == 202
    assert await put_dated(client, runtime, home, follow, at) == 202
    assert await runtime.db.fetchval("SELECT count(*) FROM follows") == 0
    assert await put(client, runtime, home, follow) == 202
    assert await runtime.db.fetchval("SELECT count(*) FROM follows") == 1


@pytest.mark.parametrize("kind", ["Follow", "Block", "Like", "Announce", "EmojiReact"])
async def test_an_undo_that_comes_first(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, ann: Account, kind: str
) -> None:
    bob = home.actor("bob")
    status = runtime.addresses.status_uri(await make_status(runtime, ann, "hello"))
    target = ann.uri if kind in {"Follow", "Block"} else status
    what = activity(kind, bob, target, to=[PUBLIC], content="👍")
    await put(client, runtime, home, activity("Undo", bob, what))
    assert await put(client, runtime, home, what) == 202
    for table in ("follows", "blocks", "favourites", "reactions", "statuses WHERE NOT local"):
        assert await runtime.db.fetchval(f"SELECT count(*) FROM {table}") == 0, table
    by_id = {**what, "id": f"{what['id']}-2"}
    await put(client, runtime, home, activity("Undo", bob, by_id["id"]))
    await put(client, runtime, home, by_id)
    for table in ("follows", "blocks", "favourites", "reactions", "statuses WHERE NOT local"):
        assert await runtime.db.fetchval(f"SELECT count(*) FROM {table}") == 0, table


async def test_nobody_buries_what_another_will_write(
    api: Api, client: httpx.AsyncClient, runtime: Runtime, home: Neighbour
) -> None:
    bob, eve = home.actor("bob"), home.actor("eve")
    await accepted(api, client, runtime, home, bob)
    note = home.note(bob, "1")
    await put(client, runtime, home, activity("Delete", eve, note["id"]))
    await put(client, runtime, home, activity("Create", bob, note))
    assert await texts(api) == ["<p>hello</p>"]


async def test_a_locked_member_is_asked_first(
    api: Api, client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, ann: Account
) -> None:
    bob = home.actor("bob")
    await api("PATCH", "/api/v1/accounts/update_credentials", json={"locked": True})
    await put(client, runtime, home, activity("Follow", bob, ann.uri))
    assert await runtime.db.fetchval("SELECT count(*) FROM follows") == 0
    [asking] = await api.get("/api/v1/follow_requests")
    assert asking["acct"] == f"bob@{home.domain}"
    await api.post(f"/api/v1/follow_requests/{asking['id']}/authorize")
    assert await runtime.db.fetchval("SELECT count(*) FROM follows") == 1


async def test_like_announce_and_their_undo(
    api: Api, client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, ann: Account
) -> None:
    bob = home.actor("bob")
    status = await make_status(runtime, ann, "hello")
    uri = runtime.addresses.status_uri(status)
    like, boost = activity("Like", bob, uri), activity("Announce", bob, uri, to=[])
    for what in (like, boost, like, boost):
        await put(client, runtime, home, what)
    seen = await api.get(f"/api/v1/statuses/{status}")
    assert (seen["favourites_count"], seen["reblogs_count"]) == (1, 1)
    told = {n["type"] for n in await api.get("/api/v1/notifications")}
    assert told == {"favourite", "reblog"}
    await put(
        client,
        runtime,
        home,
        activity("Undo", bob, {k: like[k] for k in ("type", "actor", "object")}),
    )
    await put(client, runtime, home, activity("Undo", bob, boost["id"]))
    seen = await api.get(f"/api/v1/statuses/{status}")
    assert (seen["favourites_count"], seen["reblogs_count"]) == (0, 0)
    await put(client, runtime, home, boost)
    assert (await api.get(f"/api/v1/statuses/{status}"))["reblogs_count"] in {0, 1}


async def test_nobody_touches_what_is_anothers_on_the_same_host(
    api: Api, client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, ann: Account
) -> None:
    bob, eve = home.actor("bob"), home.actor("eve")
    await accepted(api, client, runtime, home, bob)
    note = home.note(bob, "1", "<p>bob's</p>")
    await put(client, runtime, home, activity("Create", bob, note))
    status = await make_status(runtime, ann, "hello")
    ours = runtime.addresses.status_uri(status)
    like = activity("Like", bob, ours)
    await put(client, runtime, home, like)
    before = await api.get("/api/v1/timelines/home")
    evil = {**note, "content": "<p>eve's</p>", "updated": now_text()}
    for what in (
        activity("Update", eve, evil),
        activity("Delete", eve, note["id"]),
        activity("Delete", eve, bob),
        activity("Undo", eve, like),
        activity("Undo", eve, like["id"]),
        activity("Create", eve, home.note(bob, "2") | {"attributedTo": eve, "id": note["id"]}),
        activity("Update", eve, home.documents["/users/bob"] | {"name": "Eve"}),
        activity("Undo", eve, {"type": "Follow", "actor": bob, "object": ann.uri}),
        activity("Add", eve, note["id"], target=f"{bob}/featured"),
        activity("Reject", eve, await runtime.db.fetchval("SELECT uri FROM follows")),
    ):
        await put(client, runtime, home, what)
        assert await api.get("/api/v1/timelines/home") == before, what["type"]
    assert await runtime.db.fetchval("SELECT count(*) FROM follows") == 1


async def test_signatures_that_do_not_hold(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, ann: Account
) -> None:
    bob, eve = home.actor("bob"), home.actor("eve")
    what = activity("Follow", bob, ann.uri)
    old = format_datetime(datetime.now(UTC) - timedelta(days=2), usegmt=True)
    statuses = {
        "by another": (await deliver(client, home, what, eve)).status_code,
        "another date": (await deliver(client, home, what, Date=old)).status_code,
        "another digest": (await deliver(client, home, what, Digest="SHA-256=AAAA")).status_code,
        "another host": (await deliver(client, home, what, Host="evil.example")).status_code,
        "garbage": (await deliver(client, home, what, Signature="keyId=")).status_code,
        "none": (await client.post("/ap/inbox", json=what)).status_code,
        "no json": (await client.post("/ap/inbox", content=b"{")).status_code,
        "no actor": (await client.post("/ap/inbox", json={"type": "Follow"})).status_code,
    }
    assert statuses == {
        "by another": 403,
        "another date": 401,
        "another digest": 401,
        "another host": 401,
        "garbage": 400,
        "none": 401,
        "no json": 400,
        "no actor": 400,
    }
    assert await runtime.db.fetchval("SELECT count(*) FROM received") == 0


async def test_what_needs_no_work_costs_none(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour
) -> None:
    gone = f"{home.origin}/users/never-seen"
    unsigned = await client.post("/ap/inbox", json=activity("Delete", gone, gone))
    unknown = await client.post("/ap/inbox", json=activity("View", gone, gone))
    assert (unsigned.status_code, unknown.status_code) == (202, 202)
    for odd in ({"actor": [gone, "http://other.example"]}, {"actor": "acct:sally@other.example"}):
        offer = await client.post("/ap/inbox", json={**activity("Offer", gone, gone), **odd})
        assert offer.status_code == 202
    assert await runtime.db.fetchval("SELECT count(*) FROM received") == 0


async def test_a_key_that_cannot_be_had_now_may_come_later(
    client: httpx.AsyncClient, home: Neighbour, ann: Account
) -> None:
    bob = home.actor("bob")
    what = activity("Follow", bob, ann.uri)
    document = home.documents.pop("/users/bob")
    assert (await deliver(client, home, what)).status_code == 401
    home.documents["/users/bob"] = document


async def test_an_actor_with_an_inbox_elsewhere_is_refused(
    client: httpx.AsyncClient, home: Neighbour, ann: Account, runtime: Runtime
) -> None:
    mallory = home.actor("mallory", inbox="http://127.0.0.1:9/inbox")
    assert await put(client, runtime, home, activity("Follow", mallory, ann.uri)) == 403
    assert await runtime.db.fetchval("SELECT count(*) FROM accounts WHERE domain IS NOT NULL") == 0


async def test_a_private_post_is_for_followers_by_name(
    api: Api, client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, stranger: Api
) -> None:
    bob = home.actor("bob")
    await accepted(api, client, runtime, home, bob)
    note = home.note(bob, "1", to=[f"{bob}/followers"], cc=[])
    await put(client, runtime, home, activity("Create", bob, note))
    [status] = await api.get("/api/v1/timelines/home")
    assert status["visibility"] == "private"
    assert (await stranger("GET", f"/api/v1/statuses/{status['id']}")).status_code == 404
    foreign = home.note(bob, "2", to=["http://other.example/followers"], cc=[])
    await put(client, runtime, home, activity("Create", bob, foreign))
    assert await texts(api) == ["<p>hello</p>"]


async def test_a_boost_is_read_at_its_origin(
    api: Api, client: httpx.AsyncClient, runtime: Runtime, home: Neighbour
) -> None:
    bob, carol = home.actor("bob"), home.actor("carol")
    await accepted(api, client, runtime, home, bob)
    note = home.note(carol, "7", "<p>the original</p>")
    forged = {**note, "content": "<p>forged</p>"}
    await put(client, runtime, home, activity("Announce", bob, forged, to=[]))
    [boost] = await api.get("/api/v1/timelines/home")
    assert boost["reblog"]["content"] == "<p>the original</p>"
    assert boost["reblog"]["account"]["acct"] == f"carol@{home.domain}"


@asynccontextmanager
async def thrifty(settings: Settings, **most: Any) -> AsyncIterator[httpx.AsyncClient]:
    """An application that takes so much, and for which the five minutes never end."""
    async with app_client(replace(settings, **most)) as client:
        state_of(client).runtime.inbox_budget._clock = lambda: 1.0
        yield client


async def test_who_sends_too_much_is_asked_to_come_back_later(
    settings: Settings, runtime: Runtime, home: Neighbour
) -> None:
    anna = await make_member(runtime)
    bob, carl = home.actor("bob"), home.actor("carl")
    async with thrifty(settings, federation_budget_actor=2, federation_budget_domain=3) as client:

        async def sent(actor: str, number: int) -> httpx.Response:
            return await deliver(client, home, activity("Follow", actor, anna.uri, number=number))

        assert [(await sent(bob, n)).status_code for n in range(2)] == [202, 202]
        refused = await sent(bob, 3)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 300
        forged = activity("Follow", carl, anna.uri)
        answer = await deliver(client, home, forged, bob)
        assert answer.status_code == 429  # it counts for who signed
        assert (await sent(carl, 4)).status_code == 202
        assert (await sent(carl, 5)).status_code == 429  # so many came from its domain


async def test_long_activities_are_fewer(
    settings: Settings, runtime: Runtime, home: Neighbour
) -> None:
    """Each is kept for a week: three thousand of a megabyte in five minutes would be a disk."""
    anna, bob = await make_member(runtime), home.actor("bob")
    async with thrifty(settings, federation_budget_actor=10) as client:
        answers = []
        for number in range(2):
            long = activity("Follow", bob, anna.uri, number=number) | {"summary": "x" * 100_000}
            answers.append((await deliver(client, home, long)).status_code)
        assert answers == [202, 429]
