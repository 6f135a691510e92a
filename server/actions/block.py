"""A member blocks somebody, or no longer does."""

from server.errors import Forbidden
from server.fanout import follows as fanout
from server.outbox import relations
from server.outbox.collections import send_partings
from server.runtime import Runtime
from server.store import accounts, blocks, follows


async def block_account(runtime: Runtime, account_id: int, target_id: int) -> None:
    """Follows and requests both ways end. Raises NotFound, Forbidden (oneself)."""
    account = await accounts.get_account(runtime.db, account_id)
    target = await accounts.get_account(runtime.db, target_id)
    if target_id == account_id:
        raise Forbidden
    async with runtime.transaction() as tx:
        outward = await follows.find(tx.db, "follows", account_id, target_id)
        inward = await follows.find(tx.db, "follows", target_id, account_id)
        uri = relations.new_activity_uri(tx, account, "blocks")
        await send_partings(tx, account_id, target_id)
        await blocks.insert_block(tx.db, account_id, target_id, uri)
        await fanout.clean(tx, account_id, target_id)
        await fanout.clean(tx, target_id, account_id)
        if outward:
            await relations.send_undo_follow(tx, account, target, outward.uri)
        if inward:
            await relations.send_reject_follow(tx, account, target, inward.uri)
        await relations.send_block(tx, account, target, uri)


async def unblock_account(runtime: Runtime, account_id: int, target_id: int) -> None:
    """Nothing happens when there is no block. Raises NotFound."""
    account = await accounts.get_account(runtime.db, account_id)
    target = await accounts.get_account(runtime.db, target_id)
    async with runtime.transaction() as tx:
        block = await blocks.delete_block(tx.db, account_id, target_id)
        if block:
            await relations.send_undo_block(tx, account, target, block["uri"])
