"""Somebody elsewhere edits a post or the own profile."""

from federation.documents import actor as actors_documents
from federation.documents import note as note_documents
from federation.documents.activity import Activity
from federation.documents.reading import type_of
from server.remote import actors
from server.remote import statuses as remote
from server.runtime import Runtime
from server.store import statuses
from server.store.accounts import Account


async def handle_update(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Only one's own: an Update by anybody else has no effect."""
    if not isinstance(activity.object, dict):
        return
    kind = type_of(activity.object)
    if kind in actors_documents.TYPES and activity.object_id == sender.uri:
        await actors.store_actor(runtime, activity.object)
    elif kind in note_documents.TYPES:
        note = note_documents.read_note(activity.object)
        status = await statuses.find_by_uri(runtime.db, note.id)
        if status and status.account_id == sender.id and note.author == sender.uri:
            await remote.update_note(runtime, status, note)
