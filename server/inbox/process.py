"""From a stored activity to its effect. Every handler has the same effect twice as once.

Some effects wait for other servers: who is named, what is announced. Those that take long go on in
a queue of their own, and so do all of a site that took much of our time, so that nobody's slow
server holds up what all others send.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from federation.documents.activity import Activity, read_activity
from federation.documents.reading import parse_document
from federation.errors import KeyUnavailable, RemoteError, Unreachable
from federation.origins import authority_of
from federation.transport.budget import registrable
from server.inbox import (
    accept,
    add_remove,
    announce,
    block,
    create,
    delete,
    featured_collections,
    flag,
    follow,
    interaction_request,
    like,
    move,
    quote_request,
    react,
    undo,
    update,
)
from server.remote.actors import keep_fresh
from server.runtime import Runtime
from server.store import received
from server.store.accounts import Account
from server.store.received import Received

log = logging.getLogger(__name__)
_SOON_SECONDS = 5.0

Handler = Callable[[Runtime, Account, Activity], Awaitable[None]]

HANDLERS: dict[str, Handler] = {
    "Accept": accept.handle_accept,
    "Add": add_remove.handle_add,
    "Announce": announce.handle_announce,
    "AnnounceRequest": interaction_request.handle_request,
    "Block": block.handle_block,
    "Create": create.handle_create,
    "Delete": delete.handle_delete,
    "EmojiReact": react.handle_react,
    "FeatureRequest": featured_collections.handle_feature_request,
    "Flag": flag.handle_flag,
    "Follow": follow.handle_follow,
    "Like": like.handle_like,
    "LikeRequest": interaction_request.handle_request,
    "Move": move.handle_move,
    "QuoteRequest": quote_request.handle_quote_request,
    "Reject": accept.handle_reject,
    "Remove": add_remove.handle_remove,
    "ReplyRequest": interaction_request.handle_request,
    "Undo": undo.handle_undo,
    "Update": update.handle_update,
}


async def process_activity_job(runtime: Runtime, received_id: int) -> None:
    """Job: make the effect of a stored activity, if that is done soon; else leave it to the next.

    What cannot be fetched now is tried again (the job is); what is wrong is noted and left.
    """
    row = await received.find_received(runtime.db, received_id)
    if row is None:
        return
    activity = _read(row)
    site = registrable(authority_of(activity.actor))
    if runtime.inbox_budget.take(0, seconds=site):
        await _leave_for_later(runtime, received_id)
        return
    started = time.monotonic()
    try:
        async with asyncio.timeout(_SOON_SECONDS) as limit:
            await _process(runtime, received_id, row, activity)
    except TimeoutError:
        if not limit.expired():
            raise
        log.info("%s by %s takes long", activity.type, activity.actor)
        await _leave_for_later(runtime, received_id)
    finally:
        runtime.inbox_budget.take(int(time.monotonic() - started), seconds=site)


async def process_slow_activity_job(runtime: Runtime, received_id: int) -> None:
    """Job: the same for one that takes long, or by whom others did."""
    row = await received.find_received(runtime.db, received_id)
    if row is not None:
        await _process(runtime, received_id, row, _read(row))


async def _leave_for_later(runtime: Runtime, received_id: int) -> None:
    async with runtime.transaction() as tx:
        tx.enqueue("process_slow_activity", received_id)


def _read(row: Received) -> Activity:
    return replace(read_activity(parse_document(row.body)), inbox_of=row.inbox_of)


async def _process(runtime: Runtime, received_id: int, row: Received, activity: Activity) -> None:
    error = None
    try:
        sender = await keep_fresh(runtime, activity.actor, row.sender)
        await HANDLERS[activity.type](runtime, sender, activity)
    except (Unreachable, KeyUnavailable):
        raise
    except RemoteError as refused:
        error = f"{type(refused).__name__}: {refused}"
        log.info("%s by %s has no effect: %s", activity.type, activity.actor, error)
    await received.mark_processed(runtime.db, received_id, error)
