"""What is read again answers as somebody or something else."""

import httpx

from server.remote.statuses import find_or_fetch_status, refresh_poll_job
from server.runtime import Runtime
from server.store import polls
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
