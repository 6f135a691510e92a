"""Moderators suspend an account, or bring it back while nothing of it is erased."""

from datetime import UTC, datetime, timedelta

from server import events
from server.actions.erase_account import erase_account
from server.errors import Forbidden
from server.fanout.severances import record_suspension
from server.identity.permissions import Permission
from server.moderation.ranks import check_may
from server.outbox import relations
from server.runtime import Runtime
from server.store import (
    account_states,
    accounts,
    audit_log,
    canonical_email_blocks,
    follows,
    local_accounts,
    users,
)
from server.store.accounts import Account
from server.transaction import Transaction

_DAYS_TO_COME_BACK = 30
_ERASED_AT_ONCE = 20


async def suspend_account(runtime: Runtime, account_id: int) -> None:
    """From the command line. Raises NotFound."""
    account = await accounts.get_account(runtime.db, account_id)
    async with runtime.transaction() as tx:
        if await suspend(tx, account):
            await audit_log.record(tx.db, None, "suspend", "account", account.id, account.acct)


async def suspend(tx: Transaction, account: Account) -> bool:
    """Show nothing of an account any more, and tell members whom it takes from them.

    One of ours keeps its follows and comes back with them; other servers read in its actor that it
    is suspended, and its e-mail address signs up to nothing else. One of elsewhere does not know
    of it and would go on receiving: it follows nobody here any more. Gives whether it was not so.
    """
    if not await local_accounts.set_suspended(tx.db, account.id, is_suspended=True):
        return False
    at = datetime.now(UTC) + timedelta(days=_DAYS_TO_COME_BACK)
    await account_states.plan_erasure(tx.db, account.id, at)
    await record_suspension(tx, account)
    if account.is_local:
        user = await users.find_user(tx.db, account.id)
        if user:
            known = canonical_email_blocks.canonical_hash(user.email)
            await canonical_email_blocks.put_block(tx.db, known, account.id)
        tx.enqueue("send_profile", account.id)
    else:
        await _end_follows(tx, account)
    events.account_changed(tx, account.id)
    return True


async def unsuspend_account(runtime: Runtime, account_id: int) -> None:
    """From the command line. Raises NotFound; Forbidden when it is too late."""
    account = await accounts.get_account(runtime.db, account_id)
    async with runtime.transaction() as tx:
        if await unsuspend(tx, account):
            await audit_log.record(tx.db, None, "unsuspend", "account", account.id, account.acct)


async def unsuspend(tx: Transaction, account: Account) -> bool:
    """Bring a suspended account back, with everything that it had; whether it was suspended.

    Raises Forbidden when it has been erased.
    """
    if account.erased_at:
        raise Forbidden
    await account_states.drop_erasure(tx.db, account.id)
    if not await local_accounts.set_suspended(tx.db, account.id, is_suspended=False):
        return False
    await canonical_email_blocks.delete_of_account(tx.db, account.id)
    if account.is_local:
        tx.enqueue("send_profile", account.id)
    else:
        tx.enqueue("refresh_account", account.uri)
    events.account_changed(tx, account.id)
    return True


async def erase_now(runtime: Runtime, moderator_id: int | None, account_id: int) -> None:
    """Do not wait for the thirty days. Raises Forbidden unless suspended and still here."""
    await check_may(runtime.db, moderator_id, Permission.DELETE_USER_DATA, account_id)
    account = await accounts.get_account(runtime.db, account_id)
    if account.suspended_at is None or account.erased_at:
        raise Forbidden
    async with runtime.transaction() as tx:
        await audit_log.record(tx.db, moderator_id, "destroy", "account", account.id, account.acct)
    await _erase(runtime, account_id)


async def erase_due(runtime: Runtime) -> None:
    """Erase accounts whose time to come back is over."""
    for account_id in await account_states.list_due_erasures(runtime.db, _ERASED_AT_ONCE):
        await _erase(runtime, account_id)


async def _erase(runtime: Runtime, account_id: int) -> None:
    """Begun before the plan is dropped: should we end in between, it is begun again."""
    await erase_account(runtime, account_id, if_suspended=True)
    await account_states.drop_erasure(runtime.db, account_id)


async def _end_follows(tx: Transaction, account: Account) -> None:
    for follow in await follows.list_of_members(tx.db, account.id):
        member = await accounts.get_account(tx.db, follow.target_id)
        await follows.delete_follow(tx.db, account.id, member.id)
        await relations.send_reject_follow(tx, member, account, follow.uri)
