"""What was done to an account is taken back."""

from collections.abc import Awaitable, Callable, Sequence

from server import events
from server.errors import Forbidden
from server.identity.permissions import Permission
from server.moderation.ranks import check_may
from server.moderation.suspend import unsuspend
from server.runtime import Runtime
from server.store import account_states, accounts, audit_log, status_writes
from server.store.accounts import Account
from server.store.strikes import Strike
from server.transaction import Transaction


async def restore(runtime: Runtime, moderator_id: int | None, account_id: int, kind: str) -> None:
    """Take back `disable`, `sensitive`, `silence` or `suspend`.

    Raises NotFound, Forbidden (also for an account that is not suspended).
    """
    await check_may(runtime.db, moderator_id, Permission.MANAGE_USERS, account_id)
    account = await accounts.get_account(runtime.db, account_id)
    if kind == "suspend" and account.suspended_at is None:
        raise Forbidden
    async with runtime.transaction() as tx:
        if await _UNDOING[kind](tx, account):
            action = "enable" if kind == "disable" else f"un{kind}"
            await audit_log.record(tx.db, moderator_id, action, "account", account.id, account.acct)


async def undo(tx: Transaction, account: Account, strike: Strike) -> None:
    """Take back what a decision did; posts that were deleted do not come back."""
    if strike.action in _UNDOING:
        await _UNDOING[strike.action](tx, account)
    elif strike.action == "mark_statuses_as_sensitive":
        await mark_sensitive(tx, account, strike.status_ids, is_on=False)


async def mark_sensitive(
    tx: Transaction, account: Account, status_ids: Sequence[int], *, is_on: bool
) -> None:
    """Hide media of posts behind a warning, or show them again; others read it as an edit."""
    for status_id in await status_writes.set_sensitive(tx.db, account.id, status_ids, is_on=is_on):
        events.status_edited(tx, status_id)
        if account.is_local:
            tx.enqueue("send_update", status_id)


async def _enable(tx: Transaction, account: Account) -> bool:
    events.account_changed(tx, account.id)
    return await account_states.set_disabled(tx.db, account.id, is_on=False)


async def _unsensitive(tx: Transaction, account: Account) -> bool:
    return await account_states.set_state(tx.db, account.id, "sensitized", is_on=False)


async def _unsilence(tx: Transaction, account: Account) -> bool:
    return await account_states.set_state(tx.db, account.id, "silenced", is_on=False)


_UNDOING: dict[str, Callable[[Transaction, Account], Awaitable[bool]]] = {
    "disable": _enable,
    "sensitive": _unsensitive,
    "silence": _unsilence,
    "suspend": unsuspend,
}
