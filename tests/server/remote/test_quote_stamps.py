"""What others quote of others: fetched, and shown as quoted when its author's stamp holds."""

from collections.abc import Iterator
from typing import Any

import pytest

from server.remote.actors import find_or_fetch_account
from server.remote.statuses import find_or_fetch_status
from server.runtime import Runtime
from server.store import quotes, statuses
from tests.makers import run_jobs, take
from tests.neighbour import Neighbour, neighbour, now_text


@pytest.fixture
def home() -> Iterator[Neighbour]:
    with neighbour() as served:
        yield served


@pytest.fixture
def away() -> Iterator[Neighbour]:
    with neighbour() as served:
        yield served


def stamp(home: Neighbour, quoted: dict[str, Any], quoter: str, **more: Any) -> str:
    uri = f"{home.origin}/stamps/1"
    home.documents["/stamps/1"] = {
        "id": uri,
        "type": "QuoteAuthorization",
        "attributedTo": quoted["attributedTo"],
        "interactingObject": quoter,
        "interactionTarget": quoted["id"],
        **more,
    }
    return uri


async def quote_of(runtime: Runtime, uri: str) -> quotes.Quote:
    status = await find_or_fetch_status(runtime, uri)
    await run_jobs(runtime)
    quote = await quotes.find_quote(runtime.db, status.id)
    assert quote
    return quote


async def test_a_stamp_at_its_origin_shows_consent(
    runtime: Runtime, home: Neighbour, away: Neighbour
) -> None:
    original = home.note(home.actor("bob"), "1")
    carol = away.actor("carol")
    uri = stamp(home, original, f"{carol}/statuses/2")
    away.note(carol, "2", quote=original["id"], quoteAuthorization=uri)
    quote = await quote_of(runtime, f"{carol}/statuses/2")
    assert (quote.state, quote.approval_uri) == ("accepted", uri)
    quoted = await statuses.find_by_uri(runtime.db, original["id"])
    assert quoted
    assert quote.quoted_id == quoted.id


@pytest.mark.parametrize(
    "wrong",
    [
        "elsewhere",
        "another author",
        "another quoter",
        "another post",
        "no stamp",
        "missing",
        "private",
    ],
)
async def test_cve_2026_33869_a_bad_stamp_changes_nothing_and_a_good_one_counts_later(
    runtime: Runtime, home: Neighbour, away: Neighbour, wrong: str
) -> None:
    bob, carol = home.actor("bob"), away.actor("carol")
    more: dict[str, Any] = {"to": [f"{bob}/followers"], "cc": []} if wrong == "private" else {}
    original = home.note(bob, "1", **more)
    uri = stamp(home, original, f"{carol}/statuses/2")
    good = dict(home.documents["/stamps/1"])
    match wrong:
        case "elsewhere":
            uri = stamp(away, original, f"{carol}/statuses/2")
        case "another author":
            home.documents["/stamps/1"]["attributedTo"] = home.actor("eve")
        case "another quoter":
            home.documents["/stamps/1"]["interactingObject"] = f"{carol}/statuses/3"
        case "another post":
            home.documents["/stamps/1"]["interactionTarget"] = f"{bob}/statuses/9"
        case "no stamp":
            home.documents["/stamps/1"]["type"] = "Note"
        case "missing":
            del home.documents["/stamps/1"]
    note = away.note(carol, "2", quote=original["id"], quoteAuthorization=uri)
    quote = await quote_of(runtime, note["id"])
    assert (quote.state, quote.approval_uri) == ("pending", None)
    if wrong == "private":
        return
    home.documents["/stamps/1"] = good
    note |= {"quoteAuthorization": good["id"], "updated": now_text()}
    author = await find_or_fetch_account(runtime, carol)
    assert await take(runtime, "Update", author, note) is None
    assert (await quote_of(runtime, note["id"])).state == "accepted"


@pytest.mark.parametrize("name", ["quoteUri", "quoteUrl", "_misskey_quote", "tag", "quote"])
async def test_what_nobody_agreed_to_arrives_unapproved(
    runtime: Runtime, home: Neighbour, away: Neighbour, name: str
) -> None:
    original = home.note(home.actor("bob"), "1")
    uri, value = f"{away.origin}/users/carol/statuses/2", original["id"]
    more: dict[str, Any] = {name: value}
    if name == "tag":
        rel = "https://misskey-hub.net/ns#_misskey_quote"
        more = {"tag": [{"type": "Link", "rel": rel, "href": value}]}
    if name != "quote":  # a stamp belongs to FEP-044f
        more["quoteAuthorization"] = stamp(home, original, uri)
    away.note(away.actor("carol"), "2", **more)
    quote = await quote_of(runtime, uri)
    assert (quote.quoted_uri, quote.state) == (value, "pending")


async def test_one_s_own_is_quoted_without_consent_and_chains_end(
    runtime: Runtime, home: Neighbour
) -> None:
    bob = home.actor("bob")
    notes = [home.note(bob, "0")]
    for number in range(1, 6):
        notes.append(home.note(bob, f"{number}", quote=notes[-1]["id"]))
    assert (await quote_of(runtime, notes[-1]["id"])).state == "accepted"
    found = [await statuses.find_by_uri(runtime.db, note["id"]) for note in notes]
    assert [bool(status) for status in found] == [False, False, False, True, True, True]


async def test_an_edit_that_quotes_something_else(runtime: Runtime, home: Neighbour) -> None:
    bob = home.actor("bob")
    first, second = home.note(bob, "1"), home.note(bob, "2")
    note = home.note(bob, "3", quote=first["id"])
    author = await find_or_fetch_account(runtime, bob)
    assert (await quote_of(runtime, note["id"])).quoted_uri == first["id"]
    await take(runtime, "Update", author, {**note, "quote": second["id"], "updated": now_text()})
    quote = await quote_of(runtime, note["id"])
    assert (quote.quoted_uri, quote.state) == (second["id"], "accepted")
    del note["quote"]
    await take(runtime, "Update", author, {**note, "updated": now_text()})
    assert await quotes.find_quote(runtime.db, quote.status_id) is None
    counts = await runtime.db.fetch("SELECT quotes_count FROM status_stats")
    assert {row["quotes_count"] for row in counts} == {0}
