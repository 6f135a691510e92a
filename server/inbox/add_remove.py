"""Somebody elsewhere shows a post or a hashtag on the own profile, or takes it off."""

from federation.documents import tag
from federation.documents.activity import Activity
from federation.documents.reading import type_of
from federation.errors import Untrusted
from server.inbox.featured_collections import handle_hidden, handle_shown
from server.remote import statuses as remote
from server.runtime import Runtime
from server.store import featured_tags, pins, statuses
from server.store.accounts import Account

_MOST_PINS = 20


async def handle_add(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Only one's own posts, and hashtags, to one's own collection; collections of accounts, and
    who stands in them.
    """
    if not _is_featured(sender, activity):
        await handle_shown(runtime, sender, activity)
        return
    if type_of(activity.object) == "Hashtag":
        await _add_tags(runtime, sender, activity)
        return
    if not activity.object_id:
        return
    status = await remote.find_or_fetch_status(runtime, activity.object_id)
    if status.account_id != sender.id:
        raise Untrusted(f"{status.uri} is not by {sender.uri}")
    if await pins.count_pins(runtime.db, sender.id) < _MOST_PINS:
        await pins.insert_pin(runtime.db, sender.id, status.id)


async def handle_remove(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Take any of these off."""
    if not _is_featured(sender, activity):
        await handle_hidden(runtime, sender, activity)
        return
    if type_of(activity.object) == "Hashtag":
        for name in tag.read_hashtags([activity.object]):
            await featured_tags.delete_by_name(runtime.db, sender.id, name)
        return
    status = await statuses.find_by_uri(runtime.db, activity.object_id or "")
    if status:
        await pins.delete_pin(runtime.db, sender.id, status.id)


async def _add_tags(runtime: Runtime, sender: Account, activity: Activity) -> None:
    shown = await featured_tags.list_featured(runtime.db, sender.id)
    for name in tag.read_hashtags([activity.object])[: featured_tags.MOST_FEATURED - len(shown)]:
        await featured_tags.insert_featured(runtime.db, sender.id, name)


def _is_featured(sender: Account, activity: Activity) -> bool:
    return activity.target_id is not None and activity.target_id == sender.featured_url
