"""Somebody elsewhere favourites a post."""

from federation.documents.activity import Activity
from federation.errors import Untrusted
from server.fanout.notifications import notify
from server.inbox.interaction_request import hold_favourite, must_wait
from server.remote.consent import is_agreed
from server.runtime import Runtime
from server.store import favourites, statuses, tombstones
from server.store.accounts import Account


async def handle_like(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Counts once for each actor and post that the actor may see."""
    status = await statuses.find_by_uri(runtime.db, activity.object_id or "")
    if status is None:
        return
    if not await statuses.list_visible(runtime.db, [status.id], sender.id):
        raise Untrusted(f"{status.uri} is not for {sender.uri}")
    if activity.id and await must_wait(runtime, status, "like", sender):
        await hold_favourite(runtime, sender, status, activity.id)
        return
    stamp_uri, uri = activity.authorization, activity.id or ""
    if not await is_agreed(runtime, status, "like", sender, uri, stamp_uri):
        return
    async with runtime.transaction() as tx:
        if activity.id and await tombstones.is_buried(tx.db, activity.id, sender.uri):
            return
        if await favourites.insert_favourite(tx.db, sender.id, status.id, activity.id):
            await notify(tx, "favourite", [status.account_id], sender.id, status.id)
