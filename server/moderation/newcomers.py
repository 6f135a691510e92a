"""Moderators let somebody in who waits for it, or do not."""

from server import events
from server.errors import Forbidden
from server.identity import sign_up
from server.identity.permissions import Permission
from server.moderation.ranks import check_may
from server.runtime import Runtime
from server.store import account_states, accounts, audit_log


async def approve(runtime: Runtime, moderator_id: int | None, account_id: int) -> None:
    """Let somebody in; they are told by mail. Raises NotFound, Forbidden for who waits not."""
    await check_may(runtime.db, moderator_id, Permission.MANAGE_USERS, account_id)
    account = await accounts.get_account(runtime.db, account_id)
    async with runtime.transaction() as tx:
        if not await sign_up.let_in(runtime, tx, account_id):
            raise Forbidden
        await audit_log.record(tx.db, moderator_id, "approve", "user", account_id, account.acct)


async def reject(runtime: Runtime, moderator_id: int | None, account_id: int) -> None:
    """Turn somebody away: nothing is kept, the name is free again. Raises as approve."""
    await check_may(runtime.db, moderator_id, Permission.MANAGE_USERS, account_id)
    account = await accounts.get_account(runtime.db, account_id)
    async with runtime.transaction() as tx:
        if not await account_states.delete_waiting(tx.db, account_id):
            raise Forbidden
        await audit_log.record(tx.db, moderator_id, "reject", "user", account_id, account.acct)
        events.account_changed(tx, account_id)
