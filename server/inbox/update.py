"""Somebody elsewhere edits a post or the own profile."""

import logging
from datetime import UTC, datetime, timedelta

from federation.documents import actor as actors_documents
from federation.documents import featured
from federation.documents import note as note_documents
from federation.documents.activity import Activity
from federation.documents.reading import time, type_of
from federation.errors import Malformed, Untrusted
from server.inbox.create import handle_create
from server.inbox.featured_collections import update_collection
from server.inbox.objects import with_object
from server.remote import actors
from server.remote import statuses as remote
from server.remote.refresh import check_later
from server.runtime import Runtime
from server.store import accounts, statuses
from server.store.accounts import Account

log = logging.getLogger(__name__)

_RECENT = timedelta(days=1)


async def handle_update(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """One's own is taken over; of anything else the origin is asked (moderators of groups)."""
    activity = await with_object(runtime, activity)
    if not isinstance(activity.object, dict):
        return
    if activity.object_id is None:
        raise Malformed("what is updated has no address")
    kind = type_of(activity.object)
    if kind in actors_documents.TYPES:
        await _update_actor(runtime, sender, activity)
    elif kind in note_documents.TYPES:
        await _update_status(runtime, sender, activity)
    elif kind == featured.TYPE:
        await update_collection(runtime, sender, activity)


async def _update_actor(runtime: Runtime, sender: Account, activity: Activity) -> None:
    if activity.object_id == sender.uri:
        await actors.store_actor(runtime, activity.object)
        return
    log.info("%s was changed by %s: its origin decides", activity.object_id, sender.uri)
    account = await accounts.find_by_uri(runtime.db, activity.object_id or "")
    if account and not account.is_local:
        async with runtime.transaction() as tx:
            tx.enqueue("refresh_account", account.uri, once_key=f"refresh_account {account.uri}")


async def _update_status(runtime: Runtime, sender: Account, activity: Activity) -> None:
    status = await statuses.find_by_uri(runtime.db, activity.object_id or "")
    if status is None:
        # It may have overtaken its Create; of what is older nobody here knew, or wanted to.
        published = time(activity.object.get("published"))
        if published is None or published > datetime.now(UTC) - _RECENT:
            await handle_create(runtime, sender, activity)
        return
    if status.account_id != sender.id:
        async with runtime.transaction() as tx:
            check_later(tx, status)
        return
    note = note_documents.read_told(activity)
    if note.author != sender.uri:
        raise Untrusted(f"{note.id} is not by {sender.uri}")
    await remote.update_note(runtime, status, note)
