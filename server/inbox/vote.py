"""Somebody elsewhere votes in a poll of ours."""

import logging
from datetime import UTC, datetime, timedelta

from federation.documents.note import Note
from server import events
from server.errors import NotFound
from server.runtime import Runtime
from server.store import polls, statuses
from server.store.accounts import Account

log = logging.getLogger(__name__)
_TELL_AFTER = timedelta(minutes=3)


async def take_vote(runtime: Runtime, voter: Account, note: Note) -> None:
    """Count a choice, once, before the end, by somebody who may see the poll."""
    status = await statuses.find_by_uri(runtime.db, note.in_reply_to or "")
    if status is None or not status.local or note.author != voter.uri:
        return
    try:
        await statuses.get_visible_status(runtime.db, status.id, voter.id)
    except NotFound:
        return
    async with runtime.transaction() as tx:
        poll = await polls.lock_poll(tx.db, status.id)
        if poll is None or note.vote not in poll.options:
            return
        is_over = poll.expires_at is not None and poll.expires_at <= datetime.now(UTC)
        before = await polls.choices_of(tx.db, status.id, voter.id)
        if is_over or (before and not poll.multiple):
            log.info("%s votes too late or twice in %s", voter.uri, status.uri)
            return
        choice = poll.options.index(note.vote)
        if await polls.insert_votes(tx.db, status.id, voter.id, [choice], [note.id]):
            events.status_edited(tx, status.id)
            tx.enqueue(
                "send_update",
                status.id,
                once_key=f"counts {status.id}",
                run_at=datetime.now(UTC) + _TELL_AFTER,
            )
