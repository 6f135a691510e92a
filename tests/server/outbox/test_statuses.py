"""Where an edit and a deletion go: to all who may have the post, between real neighbours."""

from contextlib import ExitStack

import pytest

from federation.documents.audience import PUBLIC
from server.actions.delete_post import delete_status
from server.actions.drafts import Draft
from server.actions.edit_post import edit_status
from server.errors import NotFound
from server.outbox.statuses import load_note
from server.remote.actors import find_or_fetch_account
from server.runtime import Runtime
from server.store import follows
from server.store.status_views import load_status_views
from tests.makers import make_member, make_status, run_jobs, take
from tests.neighbour import neighbour
from tests.server.outbox.test_deliver import settle, waiting


async def test_an_edit_and_a_deletion_reach_everybody_who_may_have_the_post(
    runtime: Runtime,
) -> None:
    anna = await make_member(runtime)
    ties = ("followed", "boosted", "answered", "quoted", "liked", "nothing")
    with ExitStack() as stack:
        homes = {tie: stack.enter_context(neighbour()) for tie in ties}
        people = {
            tie: await find_or_fetch_account(runtime, homes[tie].actor("bob")) for tie in ties
        }
        former = people["followed"]
        await follows.insert_follow(runtime.db, former.id, anna.id, None)
        status = await make_status(runtime, anna)

        async def done() -> bool:
            return await waiting(runtime) == 0

        await settle(runtime, done)
        uri = runtime.addresses.status_uri(status)
        await follows.delete_follow(runtime.db, former.id, anna.id)
        await take(runtime, "Announce", people["boosted"], uri, to=[PUBLIC])
        await take(runtime, "Like", people["liked"], uri)
        for tie, more in (("answered", {"inReplyTo": uri}), ("quoted", {"quote": uri})):
            note = homes[tie].note(people[tie].uri, "1", **more)
            kind = "Create" if tie == "answered" else "QuoteRequest"
            inner = note if tie == "answered" else uri
            await take(runtime, kind, people[tie], inner, instrument=note)
        await edit_status(runtime, anna.id, status, Draft("other words"))
        await run_jobs(runtime)
        await delete_status(runtime, anna.id, status, delete_media=False)
        await settle(runtime, done)
        for tie, home in homes.items():
            told = [a["type"] for a in home.received if a["type"] in {"Update", "Delete"}]
            expected = [] if tie == "nothing" else ["Update", "Delete"]
            assert told == expected, tie


async def test_a_post_that_is_deleted_while_it_is_being_told_is_not_there(runtime: Runtime) -> None:
    author = await make_member(runtime, "anna")
    status = await make_status(runtime, author, "x")
    [view] = await load_status_views(runtime.db, [status])
    await runtime.db.execute("DELETE FROM statuses WHERE id = $1", status)
    with pytest.raises(NotFound):
        await load_note(runtime.db, view, runtime.addresses)
