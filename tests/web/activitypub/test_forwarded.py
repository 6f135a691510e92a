"""What one server passes on of another's: believed when proven, else looked up at its origin."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.signatures.multikey import encode_multikey
from federation.signatures.proofs import add_proof, verify_proof
from server.remote.actors import fetch_account
from server.runtime import Runtime
from server.store import follows, statuses
from server.store.accounts import Account
from tests.makers import make_member, make_status, outgoing, run_jobs
from tests.neighbour import Neighbour, activity, deliver, neighbour

KEY = Ed25519PrivateKey.generate()


@pytest.fixture
def home() -> Iterator[Neighbour]:
    with neighbour() as found:
        yield found


@pytest.fixture
async def ann(runtime: Runtime) -> Account:
    return await make_member(runtime, "ann")


def author(home: Neighbour, name: str) -> str:
    uri = f"{home.origin}/users/{name}"
    key = {
        "id": f"{uri}#ed",
        "type": "Multikey",
        "controller": uri,
        "publicKeyMultibase": encode_multikey(KEY.public_key()),
    }
    return home.actor(name, assertionMethod=[key])


def proven(what: dict[str, Any], by: str, days: float = 0) -> dict[str, Any]:
    """With a proof that was made so long ago."""
    return add_proof(what, f"{by}#ed", KEY, datetime.now(UTC) - timedelta(days=days))


async def put(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, what: Any, signer: str
) -> int:
    answer = await deliver(client, home, what, signer)
    await run_jobs(runtime)
    return answer.status_code


async def test_a_proven_post_is_taken_from_anybody(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, ann: Account
) -> None:
    alice, relay = author(home, "alice"), home.actor("relay")
    account = await fetch_account(runtime, alice)
    await follows.insert_follow(runtime.db, ann.id, account.id, None)
    note = home.note(alice, "1", published="2026-01-01T00:00:00Z")
    del home.documents["/users/alice/statuses/1"]  # it cannot be looked up
    create = proven(activity("Create", alice, note), alice)
    forged = {**create, "object": {**note, "content": "forged"}}
    assert await put(client, runtime, home, forged, relay) == 202
    assert await statuses.find_by_uri(runtime.db, note["id"]) is None
    assert await put(client, runtime, home, create, relay) == 202
    kept = await statuses.find_by_uri(runtime.db, note["id"])
    assert kept
    assert kept.account_id == account.id
    newer = proven(
        activity("Update", alice, {**note, "content": "new", "updated": "2026-02-01T00:00:00Z"}),
        alice,
    )
    older = proven(
        activity("Update", alice, {**note, "content": "old", "updated": "2026-01-15T00:00:00Z"}),
        alice,
    )
    for update in (newer, older):
        assert await put(client, runtime, home, update, relay) == 202
    kept = await statuses.find_by_uri(runtime.db, note["id"])
    assert kept
    assert kept.content == "new"  # the older one came again and changed nothing


async def test_a_proof_counts_for_as_long_as_deletions_are_remembered(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, ann: Account
) -> None:
    alice, relay = author(home, "alice"), home.actor("relay")
    account = await fetch_account(runtime, alice)
    await follows.insert_follow(runtime.db, ann.id, account.id, None)
    for number, days in (("1", 30.1), ("2", 29.9)):
        note = home.note(alice, number)
        del home.documents[f"/users/alice/statuses/{number}"]  # it cannot be looked up
        create = proven(activity("Create", alice, note), alice, days)
        assert await put(client, runtime, home, create, relay) == 202
        is_here = await statuses.find_by_uri(runtime.db, note["id"]) is not None
        assert is_here is (days < 30)


async def test_some_things_one_says_oneself(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, ann: Account
) -> None:
    alice, relay = author(home, "alice"), home.actor("relay")
    await fetch_account(runtime, alice)
    profile = {**home.documents["/users/alice"], "name": "Other"}
    for what in (
        activity("Follow", alice, ann.uri),
        activity("Update", alice, profile),
        activity("Delete", alice, alice),
        activity("Undo", alice, activity("Follow", alice, ann.uri)),
        activity("Block", alice, ann.uri),
    ):
        assert await put(client, runtime, home, proven(what, alice), relay) == 403, what["type"]
    assert (await fetch_account(runtime, alice)).display_name == "Alice"
    assert await runtime.db.fetchval("SELECT count(*) FROM follows") == 0


async def test_an_unproven_answer_is_looked_up(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, ann: Account
) -> None:
    alice, relay = home.actor("alice"), home.actor("relay")
    post = runtime.addresses.status_uri(await make_status(runtime, ann, "question"))
    answer = home.note(alice, "1", "<p>real</p>", inReplyTo=post)
    aside = home.note(alice, "2")
    for note in (answer, aside):
        what = activity("Create", alice, {**note, "content": "forged"})
        assert await put(client, runtime, home, what, relay) == 202
    kept = await statuses.find_by_uri(runtime.db, answer["id"])
    assert kept
    assert kept.content == "<p>real</p>"
    assert await statuses.find_by_uri(runtime.db, aside["id"]) is None


async def test_ours_are_proven_when_public_and_never_when_not(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, ann: Account
) -> None:
    bob = await fetch_account(runtime, home.actor("bob"))
    await follows.insert_follow(runtime.db, bob.id, ann.id, None)
    actor = (await client.get(ann.uri, headers={"Accept": "application/activity+json"})).json()
    [multikey] = actor["assertionMethod"]
    assert multikey["controller"] == ann.uri
    from federation.documents.actor import read_actor

    keys = {key.id: key for key in read_actor(actor).keys}

    async def find(key_id: str, refetch: bool) -> Any:
        return keys[key_id]

    for visibility, is_proven in (("public", True), ("unlisted", True), ("private", False)):
        await make_status(runtime, ann, "hello", visibility=visibility)
        sent = (await outgoing(runtime))[-1]
        assert ("proof" in sent) == is_proven, visibility
        if is_proven:
            assert (await verify_proof(sent, find)).owner == ann.uri
