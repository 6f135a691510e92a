"""Somebody elsewhere blocks a member."""

from federation.documents.activity import Activity
from federation.errors import Untrusted
from server.fanout import follows as fanout
from server.outbox.collections import send_partings
from server.runtime import Runtime
from server.store import accounts, blocks, tombstones
from server.store.accounts import Account


async def handle_block(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Obeyed without a word: follows end, and the two do not see each other's posts."""
    target = await accounts.find_by_uri(runtime.db, activity.object_id or "")
    if target is None:
        return
    if not target.is_local:
        raise Untrusted(f"{target.uri} is none of ours")
    async with runtime.transaction() as tx:
        if activity.id and await tombstones.is_buried(
            tx.db, activity.id, sender.uri, tombstones.RECENTLY
        ):
            return
        await send_partings(tx, target.id, sender.id)
        await blocks.insert_block(tx.db, sender.id, target.id, activity.id)
        await fanout.clean(tx, target.id, sender.id)
