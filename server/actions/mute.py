"""A member mutes somebody: no posts, and no notifications unless wanted."""

from server.errors import Forbidden
from server.fanout import follows as fanout
from server.runtime import Runtime
from server.store import accounts, mutes


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
        await fanout.empty(tx, account_id, target_id)
