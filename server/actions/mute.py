"""A member mutes somebody (no posts, and no notifications unless wanted), or no longer does."""

from server.errors import Forbidden
from server.fanout import follows as fanout
from server.runtime import Runtime
from server.store import accounts, follows, mutes


async def mute_account(
    runtime: Runtime,
    account_id: int,
    target_id: int,
    *,
    hide_notifications: bool,
    duration_seconds: int,
) -> None:
    """Mute, for ever with a duration of 0. Raises NotFound, Forbidden (oneself)."""
    await accounts.get_account(runtime.db, target_id)
    if target_id == account_id:
        raise Forbidden
    async with runtime.transaction() as tx:
        await mutes.insert_mute(
            tx.db,
            account_id,
            target_id,
            hide_notifications=hide_notifications,
            duration_seconds=duration_seconds,
        )
        await fanout.clean(tx, account_id, target_id)


async def unmute_account(runtime: Runtime, account_id: int, target_id: int) -> None:
    """Whom one follows comes home again. Raises NotFound."""
    await accounts.get_account(runtime.db, target_id)
    async with runtime.transaction() as tx:
        was_muted = await mutes.delete_mute(tx.db, account_id, target_id)
        if was_muted and await follows.find(tx.db, "follows", account_id, target_id):
            await fanout.fill(tx, account_id, target_id)
