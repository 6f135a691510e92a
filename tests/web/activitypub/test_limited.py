"""What is put into one member's inbox and names nobody is for that member alone."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from federation.documents.audience import PUBLIC
from server.remote.actors import fetch_account
from server.runtime import Runtime
from server.store import accounts, follows
from server.store.accounts import Account
from tests.makers import Api, make_member, make_token, run_jobs
from tests.neighbour import Neighbour, activity, deliver, neighbour


@pytest.fixture
def home() -> Iterator[Neighbour]:
    with neighbour() as found:
        yield found


@pytest.fixture
async def bob(runtime: Runtime, home: Neighbour) -> Account:
    return await fetch_account(runtime, home.actor("bob"))


async def reader(
    runtime: Runtime, client: httpx.AsyncClient, name: str, bob: Account | None
) -> Api:
    member = await make_member(runtime, name)
    if bob:
        await follows.insert_follow(runtime.db, member.id, bob.id, None)
    return Api(client, await make_token(runtime, member))


async def put(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, what: dict[str, Any], name: str
) -> None:
    """Into the inbox of one member."""
    member = await accounts.find_by_handle(runtime.db, name, None)
    assert member
    answer = await deliver(client, home, what, path=f"/ap/users/{member.id}/inbox")
    assert answer.status_code == 202
    await run_jobs(runtime)


def whispered(home: Neighbour, bob: Account, to: list[str]) -> dict[str, Any]:
    note = home.note(bob.uri, "1", "<p>for subscribers</p>", to=to, cc=[])
    return activity("Create", bob.uri, note, to=to)


async def test_a_follower_sees_what_was_put_into_the_own_inbox(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, bob: Account
) -> None:
    ann = await reader(runtime, client, "ann", bob)
    cleo = await reader(runtime, client, "cleo", bob)
    dora = await reader(runtime, client, "dora", None)
    post = whispered(home, bob, [f"{bob.uri}/subscribers"])
    await put(client, runtime, home, post, "dora")  # who does not follow
    await put(client, runtime, home, post, "ann")
    [shown] = await ann.get("/api/v1/timelines/home")
    assert (shown["visibility"], shown["mentions"]) == ("private", [])
    assert [s["id"] for s in await ann.get(f"/api/v1/accounts/{bob.id}/statuses")] == [shown["id"]]
    for path in ("/api/v1/notifications", "/api/v1/conversations", "/api/v1/timelines/direct"):
        assert await ann.get(path) == []
    assert (await ann("POST", f"/api/v1/statuses/{shown['id']}/reblog")).status_code in {
        403,
        404,
        422,
    }
    for other in (cleo, dora, Api(client)):
        assert (await other("GET", f"/api/v1/statuses/{shown['id']}")).status_code == 404
        assert await other.get(f"/api/v1/accounts/{bob.id}/statuses") == []
    assert await cleo.get("/api/v1/timelines/home") == []
    await put(client, runtime, home, post, "cleo")  # the same once more
    assert [s["id"] for s in await cleo.get("/api/v1/timelines/home")] == [shown["id"]]
    assert [s["id"] for s in await ann.get("/api/v1/timelines/home")] == [shown["id"]]


async def test_whoever_is_named_is_told_as_before(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, bob: Account
) -> None:
    ann = await reader(runtime, client, "ann", bob)
    member = await accounts.find_by_handle(runtime.db, "ann", None)
    assert member
    tag = {"type": "Mention", "href": member.uri, "name": "@ann"}
    note = home.note(bob.uri, "1", "<p>psst</p>", to=[member.uri], cc=[], tag=[tag])
    await put(client, runtime, home, activity("Create", bob.uri, note, to=[member.uri]), "ann")
    [told] = await ann.get("/api/v1/notifications")
    assert (told["type"], told["status"]["visibility"]) == ("mention", "direct")
    assert len(await ann.get("/api/v1/conversations")) == 1


@pytest.mark.parametrize("audience", ["followers", "public"])
async def test_an_audience_that_is_known_stays_what_it_is(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, bob: Account, audience: str
) -> None:
    """A former follower, whose server still gets it, does not."""
    ann = await reader(runtime, client, "ann", bob)
    cleo = await reader(runtime, client, "cleo", None)
    to = [PUBLIC] if audience == "public" else [f"{bob.uri}/followers"]
    for name in ("cleo", "ann"):
        await put(client, runtime, home, whispered(home, bob, to), name)
    [shown] = await ann.get("/api/v1/timelines/home")
    assert shown["visibility"] == ("public" if audience == "public" else "private")
    answer = await cleo("GET", f"/api/v1/statuses/{shown['id']}")
    assert answer.status_code == (200 if audience == "public" else 404)
    assert await runtime.db.fetchval("SELECT count(*) FROM status_mentions") == 0


async def test_nobody_opens_the_post_of_somebody_else(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, bob: Account
) -> None:
    await reader(runtime, client, "ann", bob)
    cleo = await reader(runtime, client, "cleo", bob)
    eve = home.actor("eve")
    await fetch_account(runtime, eve)
    post = whispered(home, bob, [f"{bob.uri}/subscribers"])
    await put(client, runtime, home, post, "ann")
    member = await accounts.find_by_handle(runtime.db, "cleo", None)
    assert member
    for passed_on in (post, {**post, "actor": eve, "id": f"{eve}#1"}):
        path = f"/ap/users/{member.id}/inbox"
        await deliver(client, home, passed_on, signer=eve, path=path)
        await run_jobs(runtime)
    assert await cleo.get("/api/v1/timelines/home") == []
    assert await cleo.get(f"/api/v1/accounts/{bob.id}/statuses") == []
