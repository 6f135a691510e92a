"""Reports that the moderators of the account's own server are told of."""

from federation.documents.flag import build_flag
from server.outbox.queue import send
from server.outbox.relations import new_activity_uri
from server.store import local_accounts, statuses
from server.store.accounts import Account
from server.store.reports import Report
from server.transaction import Transaction


async def send_flag(tx: Transaction, target: Account, report: Report) -> None:
    """Tell them, in the name of the instance: who reported is not said."""
    instance = await local_accounts.find_instance_actor(tx.db)
    if instance is None or target.is_local:
        return
    found = await statuses.list_of_account(tx.db, target.id, report.status_ids)
    flag = build_flag(
        new_activity_uri(tx, instance, "flags"),
        instance.uri,
        target.uri,
        [status.uri for status in found],
        report.comment,
    )
    await send(tx, instance, flag, [target])
