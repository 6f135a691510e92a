"""Followers synchronisation (FEP-8fcf) from both sides."""

import httpx
import pytest

from federation.documents.audience import PUBLIC
from federation.documents.synchronization import (
    HEADER,
    Synchronization,
    build_header,
    digest_of,
    read_header,
)
from server.remote.actors import find_or_fetch_account
from server.runtime import Runtime
from server.store import follows
from tests.makers import make_member, make_status, outgoing, run_jobs
from tests.neighbour import activity, deliver, neighbour
from tests.server.outbox.test_deliver import follower, settle, waiting

ACTIVITY = {"Accept": "application/activity+json"}


async def test_a_post_for_followers_tells_which_ones_are_meant(
    runtime: Runtime, client: httpx.AsyncClient
) -> None:
    anna = await make_member(runtime)
    with neighbour() as home, neighbour() as other:
        for name in ("bob", "carol"):
            await follower(runtime, anna.id, home, name)
        await follower(runtime, anna.id, other, "dan")
        await make_status(runtime, anna, "for all")
        await make_status(runtime, anna, "for few", visibility="private")

        async def done() -> bool:
            return await waiting(runtime) == 0

        await settle(runtime, done)
        [told] = [read_header(value) for value in home.synchronizations]
        people = [f"{home.origin}/users/{name}" for name in ("bob", "carol")]
        assert told == Synchronization(f"{anna.uri}/followers", told.url, digest_of(people))
        assert (await client.get(told.url, headers=ACTIVITY)).status_code == 401
        erin = home.actor("erin")
        answer = await client.get(told.url, headers=home.signed_get(told.url, erin) | ACTIVITY)
        assert answer.json()["orderedItems"] == people


@pytest.mark.parametrize("flaw", ["", "paged", "another digest", "foreign", "same"])
async def test_what_we_think_is_put_right_by_the_whole_truth_alone(
    runtime: Runtime, client: httpx.AsyncClient, flaw: str
) -> None:
    lost, asked, kept, unknown = [
        await make_member(runtime, name) for name in ("lost", "asked", "kept", "unknown")
    ]
    with neighbour() as home:
        bob = await find_or_fetch_account(runtime, home.actor("bob"))
        for member in (lost, kept):
            await follows.insert_follow(runtime.db, member.id, bob.id, None)
        await follows.insert_request(runtime.db, asked.id, bob.id, f"{asked.uri}#follows/1")
        true = [asked.uri, kept.uri, unknown.uri]
        if flaw == "same":
            true = [lost.uri, kept.uri]
        url = f"{home.origin}/part" if flaw != "foreign" else "http://127.0.0.1:9/part"
        items = {"orderedItems": true} if flaw != "paged" else {"first": f"{url}?page=1"}
        home.documents["/part"] = {"id": url, "type": "OrderedCollection", **items}
        digest = digest_of(true if flaw != "another digest" else [kept.uri])
        header = build_header(Synchronization(bob.followers_url or "", url, digest))
        note = home.note(bob.uri, "1")
        answer = await deliver(
            client, home, activity("Create", bob.uri, note, to=[PUBLIC]), **{HEADER: header}
        )
        assert answer.status_code == 202
        jobs = await runtime.db.fetchval("SELECT count(*) FROM jobs WHERE name LIKE 'synchron%'")
        assert jobs == (0 if flaw in {"same", "foreign"} else 1)
        await run_jobs(runtime)
    now = {account.id for account in await follows.list_local_followers(runtime.db, bob.id)}
    undone = [a["actor"] for a in await outgoing(runtime) if a["type"] == "Undo"]
    if flaw:
        assert (now, undone) == ({lost.id, kept.id}, [])
    else:
        assert (now, undone) == ({asked.id, kept.id}, [unknown.uri])
