"""Telling members which follows they lost, before they are ended."""

from server import events
from server.fanout.push import wake_apps
from server.store import severances
from server.store.accounts import Account
from server.transaction import Transaction


async def record_domain_block(tx: Transaction, member_id: int, domain: str) -> None:
    """A member blocks a domain: to be called before the follows with it are ended."""
    await _record(tx, "user_domain_block", domain, domain=domain, member_id=member_id)


async def record_moderators_block(tx: Transaction, domain: str) -> None:
    """Moderators suspend a domain: to be called before the follows with it are ended."""
    await _record(tx, "domain_block", domain, domain=domain)


async def record_suspension(tx: Transaction, account: Account) -> None:
    """An account is suspended: to be called before its follows are ended."""
    await _record(tx, "account_suspension", account.acct, account_id=account.id)


async def _record(
    tx: Transaction,
    kind: str,
    target_name: str,
    *,
    account_id: int | None = None,
    domain: str | None = None,
    member_id: int | None = None,
) -> None:
    told = await severances.insert_severances(
        tx.db, kind, target_name, account_id=account_id, domain=domain, member_id=member_id
    )
    for told_id, notification_id in told:
        events.notified(tx, told_id, notification_id)
    if told:
        await wake_apps(tx, "severed_relationships", None, told)
