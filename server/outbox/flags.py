"""Reports that the moderators of other servers are told of."""

from collections.abc import Collection

from federation.documents.flag import build_flag
from server.outbox.queue import send
from server.outbox.relations import new_activity_uri
from server.store import accounts, local_accounts, statuses
from server.store.accounts import Account
from server.store.reports import Report
from server.transaction import Transaction


async def send_flag(
    tx: Transaction, target: Account, report: Report, domains: Collection[str]
) -> None:
    """Tell those of these domains who host the account, or somebody whom a reported post answers.

    In the name of the instance: who reported is not said.
    """
    instance = await local_accounts.find_instance_actor(tx.db)
    if instance is None or target.is_local:
        return
    found = await statuses.list_of_account(tx.db, target.id, report.status_ids)
    answered = {status.in_reply_to_account_id or 0 for status in found}
    people = [target, *await accounts.list_accounts(tx.db, answered - {target.id})]
    flag = build_flag(
        new_activity_uri(tx, instance, "flags"),
        instance.uri,
        target.uri,
        [status.uri for status in found],
        report.comment,
    )
    await send(tx, instance, flag, [one for one in people if one.domain in domains])
