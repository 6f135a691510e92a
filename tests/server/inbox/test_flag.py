"""Reports that come from other servers, in the shapes in which they do."""

from typing import Any

import pytest

from server.moderation.suspend import suspend_account
from server.runtime import Runtime
from server.store import reports
from server.store.accounts import Account
from server.store.domain_rules import NewRule, put_rule
from server.store.pages import Page
from server.store.reports import Report, Search
from tests.makers import make_member, make_remote, make_status, take


@pytest.fixture
async def anna(runtime: Runtime) -> Account:
    return await make_member(runtime, "anna")


async def kept(runtime: Runtime) -> list[Report]:
    return await reports.report_page(runtime.db, Page(10), Search())


async def test_mastodon_names_the_account_and_its_posts(runtime: Runtime, anna: Account) -> None:
    owner = await make_member(runtime, "olga", role="owner")
    seen = await make_status(runtime, anna)
    hidden = await make_status(runtime, anna, "psst", visibility="private")
    other = await make_status(runtime, owner)
    server = await make_remote(runtime, "far.example", actor_type="Application")
    named = [anna.uri, *(runtime.addresses.status_uri(one) for one in (seen, hidden))]
    assert await take(runtime, "Flag", server, named, content="Look!", to=anna.uri) is None
    [report] = await kept(runtime)
    assert (report.target_id, report.account_id, report.comment, report.category) == (
        anna.id,
        server.id,
        "Look!",
        "other",
    )
    assert report.status_ids == [seen], "what nobody there may see is not attached"
    told = await runtime.db.fetch("SELECT account_id, type, report_id FROM notifications")
    assert [tuple(row) for row in told] == [(owner.id, "admin.report", report.id)]
    # With a follower there, the server has the post anyway.
    from server.store import follows

    remy = await make_remote(runtime, "remy")
    await follows.insert_follow(runtime.db, remy.id, anna.id, None)
    await take(runtime, "Flag", server, [anna.uri, runtime.addresses.status_uri(hidden)])
    assert (await kept(runtime))[0].status_ids == [hidden]
    # Lemmy names a post alone; it is its author who is reported.
    await take(runtime, "Flag", remy, runtime.addresses.status_uri(other), summary="rude")
    [report, *_] = await kept(runtime)
    assert (report.target_id, report.comment) == (owner.id, "rude")


@pytest.mark.parametrize("kind", ["status_uri", "page"])
async def test_misskey_writes_addresses_into_the_text(
    runtime: Runtime, anna: Account, kind: str
) -> None:
    seen = await make_status(runtime, anna)
    addresses = runtime.addresses
    url = addresses.status_uri(seen) if kind == "status_uri" else addresses.status_url("anna", seen)
    remy = await make_remote(runtime)
    text = f"Note: {url}\n-----\nThis is spam. See https://far.example/notes/1."
    await take(runtime, "Flag", remy, anna.uri, content=text)
    [report] = await kept(runtime)
    assert (report.comment, report.status_ids) == (text, [seen])


async def test_what_is_not_taken(runtime: Runtime, anna: Account) -> None:
    quiet = await make_remote(runtime, "quinn", "quiet.example")
    await put_rule(runtime.db, "quiet.example", NewRule("noop", reject_reports=True))
    await runtime.domain_rules.load(runtime.db)
    await take(runtime, "Flag", quiet, anna.uri)
    remy, rose = await make_remote(runtime), await make_remote(runtime, "rose")
    odd: list[Any] = [rose.uri, "https://nowhere.example/x", {"type": "Note"}, [], 5]
    for inner in odd:
        await take(runtime, "Flag", remy, inner, content="x")
    await suspend_account(runtime, anna.id)
    await take(runtime, "Flag", remy, anna.uri)
    assert await kept(runtime) == []


async def test_a_post_from_elsewhere_that_answers_one_of_ours_is_reported_here(
    runtime: Runtime, anna: Account
) -> None:
    server = await make_remote(runtime, "far.example", actor_type="Application")
    rude = await make_remote(runtime, "rude", domain="other.example")
    ids = {}
    for name, answered in (("answer", anna.id), ("post", None)):
        ids[name] = await runtime.db.fetchval(
            """
            INSERT INTO statuses (account_id, uri, local, visibility, content, thread_id,
                                  in_reply_to_account_id)
            VALUES ($1, $2, false, 'public', 'x', 1, $3) RETURNING id
            """,
            rude.id,
            f"{rude.uri}/{name}",
            answered,
        )
    await take(runtime, "Flag", server, [rude.uri, f"{rude.uri}/post"])
    assert await kept(runtime) == []
    await take(runtime, "Flag", server, [rude.uri, f"{rude.uri}/answer"])
    [report] = await kept(runtime)
    assert (report.target_id, report.status_ids) == (rude.id, [ids["answer"]])
