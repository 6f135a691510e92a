"""Moderators suspend an account, or bring it back."""

from server import events
from server.fanout.severances import record_suspension
from server.outbox import relations
from server.runtime import Runtime
from server.store import accounts, follows, local_accounts
from server.store.accounts import Account
from server.transaction import Transaction


async def suspend_account(runtime: Runtime, account_id: int) -> None:
    """Show nothing of an account any more, and tell members whom it takes from them.

    One of ours keeps its follows and comes back with them. One of elsewhere does not know of it
    and would go on receiving: it follows nobody here any more. Raises NotFound.
    """
    account = await accounts.get_account(runtime.db, account_id)
    async with runtime.transaction() as tx:
        if not await local_accounts.set_suspended(tx.db, account_id, is_suspended=True):
            return
        await record_suspension(tx, account)
        if not account.is_local:
            await _end_follows(tx, account)
        events.account_changed(tx, account_id)


async def unsuspend_account(runtime: Runtime, account_id: int) -> None:
    """Bring a suspended account back, with everything that it had."""
    async with runtime.transaction() as tx:
        await local_accounts.set_suspended(tx.db, account_id, is_suspended=False)
        events.account_changed(tx, account_id)


async def _end_follows(tx: Transaction, account: Account) -> None:
    for follow in await follows.list_of_members(tx.db, account.id):
        member = await accounts.get_account(tx.db, follow.target_id)
        await follows.delete_follow(tx.db, account.id, member.id)
        await relations.send_reject_follow(tx, member, account, follow.uri)
