"""A member deletes a post, or takes a boost back."""

from server.fanout import statuses as fanout
from server.outbox import statuses as outbox
from server.runtime import Runtime
from server.store import accounts, media, status_writes, statuses
from server.store.statuses import Status
from server.transaction import Transaction


async def delete_status(
    runtime: Runtime, account_id: int, status_id: int, *, delete_media: bool
) -> None:
    """Delete everywhere; attachments go at once or, for a new draft, after a day.

    Raises NotFound for a post that is not the member's own.
    """
    status = await statuses.get_own_status(runtime.db, status_id, account_id)
    files: list[str] = []
    async with runtime.transaction() as tx:
        if delete_media:
            files = await media.delete_attached(tx.db, status_id)
        await delete(tx, status)
    await runtime.media.delete(files)


async def undo_boost(runtime: Runtime, account_id: int, original_id: int) -> bool:
    """Take back a boost; gives whether there was one."""
    boost = await statuses.find_boost(runtime.db, account_id, original_id)
    if boost:
        async with runtime.transaction() as tx:
            await delete(tx, boost)
    return boost is not None


async def delete(tx: Transaction, status: Status) -> None:
    """Delete anybody's post or boost; others are told of those of ours."""
    author = await accounts.get_account(tx.db, status.account_id)
    await fanout.announce_deletion(tx, status)
    if author.is_local:
        send = outbox.send_undo_announce if status.boost_of_id else outbox.send_delete
        await send(tx, author, status)
    await status_writes.delete_status(tx.db, status, author.uri)
