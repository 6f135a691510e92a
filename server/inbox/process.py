"""From a stored activity to its effect. Every handler has the same effect twice as once."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from federation.documents.activity import Activity, read_activity
from federation.documents.reading import parse_document
from federation.errors import KeyUnavailable, RemoteError, Unreachable
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

log = logging.getLogger(__name__)

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
    """Job: make the effect of a stored activity.

    What cannot be fetched now is tried again (the job is); what is wrong is noted and left.
    """
    row = await received.find_received(runtime.db, received_id)
    if row is None:
        return
    activity = replace(read_activity(parse_document(row.body)), inbox_of=row.inbox_of)
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
