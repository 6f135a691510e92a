"""Quotes between servers (FEP-044f), seen from both sides."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from server.actions.quote import revoke_quote, set_quote_policy
from server.remote.actors import find_or_fetch_account
from server.remote.statuses import find_or_fetch_status
from server.runtime import Runtime
from server.store import blocks, follows, quotes, statuses
from server.store.accounts import Account
from tests.makers import Api, make_member, make_remote, make_status, outgoing, run_jobs, take
from tests.neighbour import Neighbour, neighbour, now_text

ACTIVITY = {"Accept": "application/activity+json"}
OPEN = {"canQuote": {"automaticApproval": "https://www.w3.org/ns/activitystreams#Public"}}


@pytest.fixture
def home() -> Iterator[Neighbour]:
    with neighbour() as served:
        yield served


async def person(runtime: Runtime, home: Neighbour, name: str = "bob") -> Account:
    return await find_or_fetch_account(runtime, home.actor(name))


def quoting(home: Neighbour, author: str, quoted: str, **more: Any) -> dict[str, Any]:
    return home.note(author, "q", "<p>look</p>", quote=quoted, **more)


async def state_of(runtime: Runtime, uri: str) -> str:
    status = await statuses.find_by_uri(runtime.db, uri)
    assert status
    quote = await quotes.find_quote(runtime.db, status.id)
    assert quote
    return quote.state


async def last_answer(runtime: Runtime) -> dict[str, Any]:
    return [a for a in await outgoing(runtime) if a["type"] in {"Accept", "Reject"}][-1]


async def asked(runtime: Runtime, home: Neighbour, anna: Account) -> tuple[Account, int, str]:
    """Bob elsewhere quotes a post of Anna's: his account, her post, id of his."""
    bob, original = await person(runtime, home), await make_status(runtime, anna)
    uri = runtime.addresses.status_uri(original)
    note = quoting(home, bob.uri, uri)
    assert await take(runtime, "QuoteRequest", bob, uri, instrument=note) is None
    return bob, original, note["id"]


async def test_a_request_is_granted_with_a_stamp_that_can_be_fetched(
    runtime: Runtime, home: Neighbour, client: httpx.AsyncClient, anna: Api
) -> None:
    author = await owner(runtime, "anna")
    bob, original, uri = await asked(runtime, home, author)
    [accept] = [a for a in await outgoing(runtime) if a["type"] == "Accept"]
    assert (accept["object"]["type"], accept["object"]["instrument"]) == ("QuoteRequest", uri)
    assert accept["to"] == [bob.uri]
    stamp = (await client.get(accept["result"], headers=ACTIVITY)).json()
    assert stamp["type"] == "QuoteAuthorization"
    assert (stamp["attributedTo"], stamp["interactingObject"], stamp["interactionTarget"]) == (
        author.uri,
        uri,
        runtime.addresses.status_uri(original),
    )
    assert await state_of(runtime, uri) == "accepted"
    [told] = await anna.get("/api/v1/notifications", **{"types[]": "quote"})
    assert told["status"]["quote"]["quoted_status"]["id"] == str(original)
    assert (await anna.get(f"/api/v1/statuses/{original}"))["quotes_count"] == 1
    # Asked again, the same answer.
    original_uri = runtime.addresses.status_uri(original)
    assert await take(runtime, "QuoteRequest", bob, original_uri, instrument=uri) is None
    accepts = [a for a in await outgoing(runtime) if a["type"] == "Accept"]
    assert [a["result"] for a in accepts] == [accept["result"]] * 2


async def owner(runtime: Runtime, name: str) -> Account:
    from server.store import accounts

    account = await accounts.find_by_handle(runtime.db, name, None)
    assert account
    return account


async def test_consent_that_is_taken_back_reaches_the_quoter(
    runtime: Runtime, home: Neighbour, client: httpx.AsyncClient
) -> None:
    author = await make_member(runtime)
    bob, original, uri = await asked(runtime, home, author)
    status = await statuses.find_by_uri(runtime.db, uri)
    assert status
    stamp = runtime.addresses.quote_stamp(status.id)
    await revoke_quote(runtime, author.id, original, status.id)
    [delete] = [a for a in await outgoing(runtime) if a["type"] == "Delete"]
    assert (delete["object"]["id"], delete["object"]["type"]) == (stamp, "QuoteAuthorization")
    inboxes = await runtime.db.fetch("SELECT inbox_url FROM deliveries")
    assert bob.inbox_url in {row["inbox_url"] for row in inboxes}
    assert (await client.get(stamp, headers=ACTIVITY)).status_code == 404
    # Whoever was told no does not get it by asking once more.
    original_uri = runtime.addresses.status_uri(original)
    await take(runtime, "QuoteRequest", bob, original_uri, instrument=uri)
    assert (await last_answer(runtime))["type"] == "Reject"
    assert await state_of(runtime, uri) == "revoked"


@pytest.mark.parametrize("reason", ["nobody", "not a follower", "blocked", "private"])
async def test_who_may_not_quote_is_told_so(runtime: Runtime, home: Neighbour, reason: str) -> None:
    author, bob = await make_member(runtime), await person(runtime, home)
    visibility = "private" if reason == "private" else "public"
    original = await make_status(runtime, author, visibility=visibility)
    if reason in {"nobody", "not a follower"}:
        policy = "nobody" if reason == "nobody" else "followers"
        await set_quote_policy(runtime, author.id, original, policy)
    if reason == "blocked":
        await blocks.insert_block(runtime.db, author.id, bob.id, None)
    uri = runtime.addresses.status_uri(original)
    note = quoting(home, bob.uri, uri)
    await take(runtime, "QuoteRequest", bob, uri, instrument=note)
    answer = await last_answer(runtime)
    assert (answer["type"], answer["object"]["instrument"]) == ("Reject", note["id"])
    assert "result" not in answer
    assert await statuses.find_by_uri(runtime.db, note["id"]) is None
    if reason == "not a follower":
        await follows.insert_follow(runtime.db, bob.id, author.id, None)
        await take(runtime, "QuoteRequest", bob, uri, instrument=note)
        assert (await last_answer(runtime))["type"] == "Accept"


async def test_nobody_asks_in_another_s_name(runtime: Runtime, home: Neighbour) -> None:
    author, bob = await make_member(runtime), await person(runtime, home)
    eve = await person(runtime, home, "eve")
    uri = runtime.addresses.status_uri(await make_status(runtime, author))
    note = quoting(home, bob.uri, uri)
    error = await take(runtime, "QuoteRequest", eve, uri, instrument=note)
    assert error
    assert "Untrusted" in error
    await take(runtime, "QuoteRequest", eve, uri, instrument=note["id"])
    assert (await last_answer(runtime))["type"] == "Reject"


async def ask(runtime: Runtime, home: Neighbour, anna: Api) -> tuple[Account, str, dict[str, Any]]:
    """Anna quotes a post of Bob's elsewhere: his account, his post, hers."""
    bob = await person(runtime, home)
    original = home.note(bob.uri, "1", interactionPolicy=OPEN)
    status = await find_or_fetch_status(runtime, original["id"])
    made = await anna.post("/api/v1/statuses", status="look", quoted_status_id=str(status.id))
    await run_jobs(runtime)
    return bob, original["id"], made


def stamp_of(home: Neighbour, author: str, quoted: str, quoter: str, **more: Any) -> str:
    uri = f"{home.origin}/stamps/1"
    home.documents["/stamps/1"] = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": uri,
        "type": "QuoteAuthorization",
        "attributedTo": author,
        "interactingObject": quoter,
        "interactionTarget": quoted,
        **more,
    }
    return uri


async def test_a_member_s_quote_waits_for_the_author_elsewhere(
    runtime: Runtime, home: Neighbour, anna: Api, client: httpx.AsyncClient
) -> None:
    bob, original, made = await ask(runtime, home, anna)
    assert made["quote"] == {"state": "pending", "quoted_status": None}
    assert made["content"].startswith('<p class="quote-inline">RE: <a href="')
    [request] = [a for a in await outgoing(runtime) if a["type"] == "QuoteRequest"]
    assert (request["object"], request["instrument"]["id"]) == (original, made["uri"])
    assert request["instrument"]["quote"] == original
    path = f"/api/v1/statuses/{made['id']}"
    # A stamp for another post proves nothing, and spoils nothing.
    result = stamp_of(home, bob.uri, original, "https://elsewhere.example/1")
    inner = {"type": "QuoteRequest", "id": request["id"]}
    await take(runtime, "Accept", bob, inner, result=result)
    assert (await anna.get(path))["quote"]["state"] == "pending"
    eve = await person(runtime, home, "eve")
    stamp_of(home, bob.uri, original, made["uri"])
    await take(runtime, "Accept", eve, request["id"], result=result)
    assert (await anna.get(path))["quote"]["state"] == "pending"
    await take(runtime, "Accept", bob, inner, result=result)
    shown = (await anna.get(path))["quote"]
    assert (shown["state"], shown["quoted_status"]["uri"]) == ("accepted", original)
    update = (await outgoing(runtime))[-1]
    assert (update["type"], update["object"]["quoteAuthorization"]) == ("Update", result)
    note = (await client.get(made["uri"], headers=ACTIVITY)).json()
    assert (note["quote"], note["quoteUri"], note["quoteAuthorization"]) == (
        original,
        original,
        result,
    )
    assert note["interactionPolicy"]["canQuote"]["automaticApproval"]
    # Taken back: by its author alone.
    await take(runtime, "Delete", eve, {"id": result, "type": "QuoteAuthorization"})
    assert (await anna.get(path))["quote"]["state"] == "accepted"
    await take(runtime, "Delete", bob, {"id": result, "type": "QuoteAuthorization"})
    assert (await anna.get(path))["quote"] == {"state": "revoked", "quoted_status": None}
    assert "quoteAuthorization" not in (await outgoing(runtime))[-1]["object"]


async def test_a_member_s_quote_that_is_refused(
    runtime: Runtime, home: Neighbour, anna: Api
) -> None:
    bob, _, made = await ask(runtime, home, anna)
    await take(runtime, "Reject", bob, f"{made['uri']}/quote_request")
    shown = await anna.get(f"/api/v1/statuses/{made['id']}")
    assert shown["quote"] == {"state": "rejected", "quoted_status": None}


async def test_only_what_may_be_quoted_is(runtime: Runtime, home: Neighbour, anna: Api) -> None:
    bob = await person(runtime, home)
    silent = home.note(bob.uri, "1", published=now_text())
    status = await find_or_fetch_status(runtime, silent["id"])
    body = {"status": "x", "quoted_status_id": str(status.id)}
    assert (await anna("POST", "/api/v1/statuses", json=body)).status_code == 404
    remy = await make_remote(runtime)
    assert await take(runtime, "QuoteRequest", remy, silent["id"], instrument=silent) is None
    assert not [a for a in await outgoing(runtime) if a["actor"] != remy.uri]
