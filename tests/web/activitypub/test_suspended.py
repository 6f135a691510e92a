"""Somebody elsewhere whom moderators suspended: their own ones, or ours."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from server.moderation.suspend import suspend_account
from server.remote.actors import fetch_account
from server.runtime import Runtime
from server.store import accounts, follows, statuses
from server.store.accounts import Account
from tests.makers import Api, make_member, make_token, run_jobs
from tests.neighbour import Neighbour, activity, deliver, neighbour


@pytest.fixture
def home() -> Iterator[Neighbour]:
    with neighbour() as found:
        yield found


@pytest.fixture
async def bob(runtime: Runtime, client: httpx.AsyncClient, home: Neighbour) -> Account:
    """Somebody whom a member follows, with a post that is here."""
    ann = await make_member(runtime, "ann")
    bob = await fetch_account(runtime, home.actor("bob"))
    await follows.insert_follow(runtime.db, ann.id, bob.id, None)
    await put(client, runtime, home, activity("Create", bob.uri, home.note(bob.uri, "1")))
    return bob


async def put(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, what: dict[str, Any]
) -> int:
    answer = await deliver(client, home, what)
    await run_jobs(runtime)
    return answer.status_code


async def say(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, *, suspended: bool
) -> int:
    """The actor says whether its own moderators suspended it."""
    document = home.documents["/users/bob"]
    document["suspended"] = suspended
    return await put(client, runtime, home, activity("Update", document["id"], dict(document)))


async def test_by_their_own_until_they_come_back(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, bob: Account
) -> None:
    ann = await accounts.find_by_handle(runtime.db, "ann", None)
    assert ann
    api = Api(client, await make_token(runtime, ann))
    [post] = await api.get("/api/v1/timelines/home")
    for is_suspended in (True, False):
        assert await say(client, runtime, home, suspended=is_suspended) == 202
        assert bool(await api.get("/api/v1/timelines/home")) is not is_suspended
        for path in (f"/api/v1/statuses/{post['id']}", f"/api/v1/accounts/{bob.id}"):
            answer = await api("GET", path)
            shown = answer.status_code == 200 and not answer.json().get("suspended")
            assert shown is not is_suspended, path
        note = home.note(bob.uri, "2")
        status = await put(client, runtime, home, activity("Create", bob.uri, note))
        assert status == (403 if is_suspended else 202)
        is_here = await statuses.find_by_uri(runtime.db, note["id"]) is not None
        assert is_here is not is_suspended


async def test_by_ours_whatever_theirs_say(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, bob: Account
) -> None:
    """One whom both suspended comes back by ours alone; what they take back is gone meanwhile."""
    for is_first in (True, False):
        assert await say(client, runtime, home, suspended=is_first) == 202
        if is_first:
            await suspend_account(runtime, bob.id)
        found = await accounts.get_account(runtime.db, bob.id)
        assert found.suspended_at
    note = f"{bob.uri}/statuses/1"
    assert await statuses.find_by_uri(runtime.db, note)
    assert await put(client, runtime, home, activity("Delete", bob.uri, note)) == 202
    assert await statuses.find_by_uri(runtime.db, note) is None
