"""Boosts, and what groups pass on; the post is always read at its origin."""

from typing import Any

from federation.documents.audience import PUBLIC
from server.moderation.suspend import suspend_account
from server.remote.actors import fetch_account
from server.runtime import Runtime
from server.store import follows, statuses
from server.store.accounts import Account
from tests.makers import make_member, run_jobs, take
from tests.neighbour import Neighbour, neighbour


async def group_with_follower(runtime: Runtime, home: Neighbour) -> tuple[Account, Account]:
    anna = await make_member(runtime)
    group = await fetch_account(runtime, home.actor("group", type="Group"))
    await follows.insert_follow(runtime.db, anna.id, group.id, None)
    return anna, group


async def boosts_by(runtime: Runtime, account: Account) -> int:
    return int(
        await runtime.db.fetchval(
            "SELECT count(*) FROM statuses WHERE account_id = $1 AND boost_of_id IS NOT NULL",
            account.id,
        )
    )


async def test_what_a_group_passes_on_is_boosted_once(runtime: Runtime) -> None:
    with neighbour() as home:
        _, group = await group_with_follower(runtime, home)
        member = home.actor("member")
        page = home.note(member, "1", type="Page", name="Real")
        lie = {**page, "name": "A lie"}
        create: dict[str, Any] = {"type": "Create", "actor": member, "object": lie, "to": [PUBLIC]}
        assert await take(runtime, "Announce", group, create, to=[PUBLIC]) is None
        await take(runtime, "Announce", group, page["id"], to=[PUBLIC])
        assert await boosts_by(runtime, group) == 1
        kept = await statuses.find_by_uri(runtime.db, page["id"])
        assert kept
        assert "Real" in kept.content
        answer = home.note(member, "2", inReplyTo=page["id"])
        await take(runtime, "Announce", group, {**create, "object": answer}, to=[PUBLIC])
        assert await boosts_by(runtime, group) == 1  # it stands in the thread
        assert await statuses.find_by_uri(runtime.db, answer["id"])


async def test_what_else_a_group_passes_on_is_not_asked_for(runtime: Runtime) -> None:
    with neighbour() as home:
        _, group = await group_with_follower(runtime, home)
        member = home.actor("member")
        page = home.note(member, "1", type="Page", name="Poll")
        for kind in ("PollVote", "Rate", "Lock", "Like"):
            inner = {"id": f"{member}#{kind}", "type": kind, "actor": member, "object": page["id"]}
            assert await take(runtime, "Announce", group, inner, to=[PUBLIC]) is None
        assert await boosts_by(runtime, group) == 0


async def test_edits_and_deletions_that_are_passed_on_are_looked_up(runtime: Runtime) -> None:
    with neighbour() as home:
        _, group = await group_with_follower(runtime, home)
        member = home.actor("member")
        note = home.note(member, "1", "<p>first</p>", published="2026-01-01T00:00:00Z")
        await take(runtime, "Announce", group, note["id"], to=[PUBLIC])
        forged = {**note, "content": "forged", "updated": "2026-02-01T00:00:00Z"}
        update = {"type": "Update", "actor": member, "object": forged}
        await take(runtime, "Announce", group, update)
        kept = await statuses.find_by_uri(runtime.db, note["id"])
        assert kept
        assert kept.content == "<p>first</p>"
        note |= {"content": "<p>second</p>", "updated": "2026-02-01T00:00:00Z"}
        await take(runtime, "Announce", group, update)
        kept = await statuses.find_by_uri(runtime.db, note["id"])
        assert kept
        assert kept.content == "<p>second</p>"
        delete = {"type": "Delete", "actor": member, "object": note["id"]}
        await take(runtime, "Announce", group, delete)
        assert await statuses.find_by_uri(runtime.db, note["id"])  # it is still there
        del home.documents["/users/member/statuses/1"]
        await take(runtime, "Announce", group, delete)
        assert await statuses.find_by_uri(runtime.db, note["id"]) is None


async def test_nobody_edits_or_deletes_another_s_post(runtime: Runtime) -> None:
    with neighbour() as home:
        author, eve = [await fetch_account(runtime, home.actor(n)) for n in ("author", "eve")]
        note = home.note(author.uri, "1", published="2026-01-01T00:00:00Z")
        from server.remote.statuses import find_or_fetch_status

        await find_or_fetch_status(runtime, note["id"])
        forged = {**note, "content": "forged", "updated": "2026-02-01T00:00:00Z"}
        await take(runtime, "Update", eve, forged)
        await take(runtime, "Update", eve, {**forged, "attributedTo": eve.uri})
        await take(runtime, "Delete", eve, note["id"])
        await run_jobs(runtime)
        kept = await statuses.find_by_uri(runtime.db, note["id"])
        assert kept
        assert (kept.content, kept.account_id) == ("<p>hello</p>", author.id)
        forged_profile = {**home.documents["/users/author"], "name": "Eve was here"}
        await take(runtime, "Update", eve, forged_profile)
        assert (await fetch_account(runtime, author.uri)).display_name == "Author"


async def test_who_is_suspended_does_not_come_back_by_another_s_boost(runtime: Runtime) -> None:
    """CVE-2026-23961: neither a post that is here nor one that is not."""
    with neighbour() as home:
        carol, eve = [await fetch_account(runtime, home.actor(name)) for name in ("carol", "eve")]
        ann = await make_member(runtime, "ann")
        for account in (carol, eve):
            await follows.insert_follow(runtime.db, ann.id, account.id, None)
        old, new = home.note(eve.uri, "1"), home.note(eve.uri, "2")
        await take(runtime, "Create", eve, old)
        await suspend_account(runtime, eve.id)
        for note in (old, new):
            await take(runtime, "Announce", carol, note["id"], to=[PUBLIC])
    posts = await runtime.db.fetch("SELECT uri FROM statuses")
    assert [row["uri"] for row in posts] == [old["id"]]
