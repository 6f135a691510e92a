"""Somebody elsewhere wants to follow a member."""

from federation.documents.activity import Activity
from server.fanout.notifications import notify
from server.outbox import relations
from server.runtime import Runtime
from server.store import accounts, blocks, domain_blocks, follows, notifications, tombstones
from server.store.accounts import Account


async def handle_follow(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Accept, ask the member, or reject; some servers use one id for every Follow of a pair."""
    target = await accounts.find_by_uri(runtime.db, activity.object_id or "")
    if target is None or not target.is_local or target.suspended_at:
        return
    async with runtime.transaction() as tx:
        if activity.id and await tombstones.is_buried(
            tx.db, activity.id, sender.uri, tombstones.RECENTLY
        ):
            return
        is_blocked = await blocks.is_blocked(
            tx.db, target.id, sender.id
        ) or await domain_blocks.is_blocked(tx.db, target.id, sender.domain or "")
        if is_blocked or target.moved_to_id:
            await relations.send_reject_follow(tx, target, sender, activity.id)
            return
        already = await follows.find(tx.db, "follows", sender.id, target.id)
        # Whom moderators have silenced, or the whole domain, follows nobody unasked.
        if (target.locked or sender.silenced_at) and already is None:
            await follows.insert_request(tx.db, sender.id, target.id, activity.id)
            await notify(tx, "follow_request", [target.id], sender.id)
            return
        await follows.insert_follow(tx.db, sender.id, target.id, activity.id)
        await relations.send_accept_follow(tx, target, sender, activity.id)
        if already is None:
            await notifications.delete_notifications(
                tx.db, "follow_request", target.id, sender.id, None
            )
            await notify(tx, "follow", [target.id], sender.id)
