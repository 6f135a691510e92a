"""Somebody elsewhere boosts a post."""

from datetime import UTC, datetime

from federation.documents.activity import Activity
from federation.documents.audience import PUBLIC
from server.fanout import statuses as fanout
from server.fanout.notifications import notify
from server.remote import statuses as remote
from server.runtime import Runtime
from server.store import remote_accounts, status_writes, statuses, tombstones
from server.store.accounts import Account


async def handle_announce(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Keep a boost that concerns us; the post itself is read at its origin, never from here."""
    uri, original_uri = activity.id, activity.object_id
    if not uri or not original_uri:
        return
    known = await statuses.find_by_uri(runtime.db, original_uri)
    if known is None and not await remote_accounts.concerns_us(runtime.db, sender.id):
        return
    original = known or await remote.find_or_fetch_status(runtime, original_uri)
    is_own = original.account_id == sender.id
    is_public = PUBLIC in activity.to or PUBLIC in activity.cc
    if original.boost_of_id or original.visibility == "direct":
        return
    if original.visibility == "private" and (not is_own or is_public):
        return
    now = datetime.now(UTC)
    at = min(activity.published or now, now)
    async with runtime.transaction() as tx:
        if await tombstones.is_buried(tx.db, uri):
            return
        boost = await status_writes.insert_boost(tx.db, sender.id, original, uri, at)
        if boost:
            await notify(tx, "reblog", [original.account_id], sender.id, original.id)
            await fanout.distribute_status(tx, boost)
