"""What is read again answers as somebody or something else."""

import asyncio

import httpx
import pytest

from server.remote import statuses
from server.remote.statuses import find_or_fetch_status, refresh_poll_job
from server.runtime import Runtime
from server.store import polls
from server.store.status_views import get_status_view
from tests.security.stage import Document, Stage, kept, note_of


def question(uri: str, author: str, votes: int) -> Document:
    choices = [{"type": "Note", "name": n, "replies": {"totalItems": votes}} for n in ("yes", "no")]
    return {**note_of(author, "p", "?"), "id": uri, "type": "Question", "oneOf": choices}


async def test_a_poll_that_answers_as_another(
    stage: Stage, runtime: Runtime, client: httpx.AsyncClient
) -> None:
    """activities.next#1704: a fetch changes the row that was asked for, by its author alone."""
    far, uri = stage.far, f"{stage.eve}/notes/p"
    mine = f"{stage.bob}/notes/p"
    for one, author in ((uri, stage.eve), (mine, stage.bob)):
        far.serve(one, question(one, author, 1))
        await find_or_fetch_status(runtime, one)
    status = await find_or_fetch_status(runtime, uri)
    counts = "SELECT array_agg(votes ORDER BY status_id) FROM polls"
    before = await kept(runtime), await runtime.db.fetchval(counts)
    for forged in (question(mine, stage.bob, 9), question(uri, stage.bob, 9)):
        far.serve(uri, forged)
        if forged["id"] == mine:
            far.serve(mine, question(mine, stage.bob, 1))
        await refresh_poll_job(runtime, status.id)
        assert (await kept(runtime), await runtime.db.fetchval(counts)) == before
    far.serve(uri, question(uri, stage.eve, 9))
    await refresh_poll_job(runtime, status.id)
    found = await polls.find_poll(runtime.db, status.id)
    assert found
    assert found.votes == [9, 9]


async def test_a_post_does_not_wait_for_slow_servers_whom_it_names(
    stage: Stage, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statuses, "_SECONDS_FOR_MENTIONS", 6.0)
    far, named = stage.far, [stage.far.actor(stage.far.origin("quick"), "carol")]
    for number in range(9):
        named.append(f"{far.origin(f'slow{number}')}/users/dora")
        far.serve(named[-1], {}, wait=600)
    tags = [{"type": "Mention", "href": uri} for uri in named]
    note = note_of(stage.bob, "named", "all of you", tag=tags)
    far.serve(note["id"], note)
    async with asyncio.timeout(9 * 6.0):  # one after the other would take longer
        status = await find_or_fetch_status(runtime, note["id"])
    view = await get_status_view(runtime.db, status.id)
    assert [mention.uri for mention in view.mentions] == named[:1]
