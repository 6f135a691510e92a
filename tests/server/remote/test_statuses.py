import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from federation.documents import note as documents
from federation.errors import Gone, Untrusted
from server.remote.statuses import find_or_fetch_status, update_note
from server.remote.threads import fetch_parent_job
from server.runtime import Runtime
from server.store import statuses, threads, tombstones
from server.store.status_views import get_status_view
from tests.makers import make_member, run_jobs
from tests.neighbour import neighbour
from tests.waiting import until_blocked


async def test_a_thread_is_fetched_up_to_its_root_with_its_counts(runtime: Runtime) -> None:
    with neighbour() as home:
        bob, carol = home.actor("bob"), home.actor("carol")
        notes = [home.note(bob, "0")]
        for number, author in ((1, carol), (2, bob), (3, carol)):
            notes.append(home.note(author, f"{number}", inReplyTo=notes[-1]["id"]))
        leaf = await find_or_fetch_status(runtime, notes[3]["id"])
        await run_jobs(runtime)
        above = await threads.list_ancestors(runtime.db, leaf.id, None, 40)
        found = [await statuses.get_status(runtime.db, status_id) for status_id in above]
        assert [status.uri for status in found] == [note["id"] for note in notes[:3]]
        thread = {status.thread_id for status in found}
        assert thread == {(await statuses.get_status(runtime.db, leaf.id)).thread_id}
        counts = [(await get_status_view(runtime.db, i)).replies_count for i in above]
        assert counts == [1, 1, 1]
        assert await runtime.db.fetchval("SELECT count(*) FROM notifications") == 0


async def test_a_parent_that_is_gone_leaves_the_answer(runtime: Runtime) -> None:
    with neighbour() as home:
        bob = home.actor("bob")
        answer = home.note(bob, "1", inReplyTo=f"{home.origin}/nothing")
        status = await find_or_fetch_status(runtime, answer["id"])
        await fetch_parent_job(runtime, status.id, 40)
        await fetch_parent_job(runtime, 1, 40)
        await fetch_parent_job(runtime, status.id, 0)
        kept = await statuses.get_status(runtime.db, status.id)
        assert (kept.in_reply_to_id, kept.in_reply_to_uri) == (None, f"{home.origin}/nothing")


async def test_a_note_without_a_time_of_its_own_is_of_now(runtime: Runtime) -> None:
    with neighbour() as home:
        note = home.note(home.actor("bob"), "1", published="0001-01-01T00:00:00Z")  # Go's none
        status = await find_or_fetch_status(runtime, note["id"])
    assert datetime.now(UTC) - status.created_at < timedelta(minutes=5)


async def test_what_a_note_says_is_bounded_and_cleaned(runtime: Runtime) -> None:
    later = (datetime.now(UTC) + timedelta(days=400)).isoformat()
    with neighbour() as home:
        bob = home.actor("bob")
        pictures = [
            {
                "type": "Document",
                "mediaType": "image/png",
                "url": f"{home.origin}/{n}.png",
                "name": "tea",
                "width": 20,
                "height": 10,
                "focalPoint": [0.5, -0.5],
            }
            for n in range(30)
        ]
        note = home.note(
            bob,
            "1",
            '<p onclick="x">hi</p><script>x</script>',
            published=later,
            attachment=pictures,
            summary="careful\nnow",
            contentMap={"nl": "x"},
            tag=[{"type": "Hashtag", "name": "#Tea"}, {"type": "Hashtag", "name": "#" + "x" * 500}],
        )
        status = await find_or_fetch_status(runtime, note["id"])
    view = await get_status_view(runtime.db, status.id)
    assert view.status.content == "<p>hi</p>"
    assert "\n" not in view.status.spoiler_text
    assert view.status.sensitive
    assert view.status.created_at <= datetime.now(UTC)
    assert view.tags == ["tea"]
    assert len(view.media) == 16
    assert view.media[0].meta["original"]["size"] == "20x10"
    assert view.media[0].meta["focus"] == {"x": 0.5, "y": -0.5}


async def test_what_is_not_kept(runtime: Runtime) -> None:
    with neighbour() as home:
        bob = home.actor("bob")
        buried = home.note(bob, "1")
        await tombstones.insert_tombstone(runtime.db, buried["id"], bob)
        with pytest.raises(Gone):
            await find_or_fetch_status(runtime, buried["id"])
        with pytest.raises(Gone):
            await find_or_fetch_status(runtime, f"{runtime.settings.origin}/ap/statuses/1")
        forged = home.note(bob, "2", attributedTo="https://other.example/users/eve")
        with pytest.raises(Untrusted):
            await find_or_fetch_status(runtime, forged["id"])
    assert await runtime.db.fetchval("SELECT count(*) FROM statuses") == 0


async def test_who_is_named_is_known_afterwards_as_far_as_can_be(runtime: Runtime) -> None:
    anna = await make_member(runtime)
    with neighbour() as home:
        bob, carol = home.actor("bob"), home.actor("carol")
        named = [anna.uri, carol, f"{home.origin}/users/nobody", carol]
        note = home.note(bob, "1", tag=[{"type": "Mention", "href": uri} for uri in named])
        status = await find_or_fetch_status(runtime, note["id"])
    view = await get_status_view(runtime.db, status.id)
    assert {mention.uri for mention in view.mentions} == {anna.uri, carol}


async def test_what_is_for_few_reaches_those_whom_it_is_addressed_to(runtime: Runtime) -> None:
    """Pleroma's chats and Lemmy's messages have no tags."""
    ann, ben = await make_member(runtime, "ann"), await make_member(runtime, "ben")
    with neighbour() as home:
        bob = home.actor("bob")
        chat = home.note(bob, "1", type="ChatMessage", to=[ann.uri], cc=[])
        public = home.note(bob, "2", cc=[ann.uri])
        status = await find_or_fetch_status(runtime, chat["id"])
        await find_or_fetch_status(runtime, public["id"])
    assert status.visibility == "direct"
    seen = [await statuses.list_visible(runtime.db, [status.id], who.id) for who in (ann, ben)]
    assert [list(ids) for ids in seen] == [[status.id], []]
    assert await runtime.db.fetchval("SELECT count(*) FROM status_mentions") == 1


async def test_an_edit_that_waited_for_a_newer_one_is_an_older_one(runtime: Runtime) -> None:
    with neighbour() as home:
        bob = home.actor("bob")
        status = await find_or_fetch_status(
            runtime, home.note(bob, "1", published="2026-01-01T00:00:00Z")["id"]
        )
        edits = [
            documents.read_note(
                home.note(bob, "1", text, published="2026-01-01T00:00:00Z", updated=at)
            )
            for text, at in (("newer", "2026-03-01T00:00:00Z"), ("older", "2026-02-01T00:00:00Z"))
        ]
        async with runtime.transaction() as tx:
            # Somebody holds the post while both are on their way: the newer one is first.
            await statuses.lock_status(tx.db, status.id)
            waiting = []
            for edit in edits:
                waiting.append(asyncio.create_task(update_note(runtime, status, edit)))
                await until_blocked(runtime.db, len(waiting))
        await asyncio.gather(*waiting)
    found = await statuses.get_status(runtime.db, status.id)
    assert found.content == "newer"
    assert await runtime.db.fetchval("SELECT count(*) FROM status_edits") == 2


async def test_an_edit_of_the_same_second_is_one_as_long_as_it_is_told_at_once(
    runtime: Runtime,
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    for at, is_taken in ((now, True), (now - timedelta(minutes=2), False)):
        told = at.isoformat().replace("+00:00", "Z")
        with neighbour() as home:
            uri = home.note(home.actor("bob"), "1", published=told)["id"]
            status = await find_or_fetch_status(runtime, uri)
            bob = home.actor("bob")
            for text, warning in (
                ("hello", "careful"),
                ("edited", "careful"),
                ("edited", "careful"),
            ):
                more = {"summary": warning, "published": told, "updated": told}
                again = documents.read_note(home.note(bob, "1", f"<p>{text}</p>", **more))
                await update_note(runtime, await statuses.get_status(runtime.db, status.id), again)
        found = await statuses.get_status(runtime.db, status.id)
        expected = ("<p>edited</p>", "careful") if is_taken else ("<p>hello</p>", "")
        assert (found.content, found.spoiler_text) == expected
        versions = "SELECT count(*) FROM status_edits WHERE status_id = $1"
        assert await runtime.db.fetchval(versions, status.id) == (3 if is_taken else 0)
