"""What leaves is written in the transaction of what it tells, then a bell rings."""

from collections.abc import Sequence

import orjson

from federation.documents.reading import Document
from server.identity.proofs import proven
from server.store import deliveries
from server.store.accounts import Account
from server.store.deliveries import Asks
from server.transaction import Transaction

_BELL = "jobs:deliver"
_TAKES_BACK = {"Delete", "Undo", "Block", "Reject", "Remove", "Flag"}


async def send(
    tx: Transaction, account: Account, activity: Document, recipients: Sequence[Account]
) -> None:
    """Deliver an activity of one of our accounts to people; nothing happens to those of ours."""
    ids = [one.id for one in recipients if one.inbox_url]
    if ids:
        outgoing = await _insert(tx, account, activity)
        _ring(tx, await deliveries.insert_deliveries(tx.db, outgoing, ids))


async def send_to_inboxes(
    tx: Transaction, account: Account, activity: Document, inboxes: Sequence[str]
) -> None:
    """Deliver an activity to inboxes of nobody in particular, as those of relays."""
    outgoing = await _insert(tx, account, activity)
    _ring(tx, await deliveries.insert_for_inboxes(tx.db, outgoing, inboxes))


async def send_to_followers(tx: Transaction, account: Account, activity: Document) -> None:
    """Deliver an activity to all followers elsewhere."""
    outgoing = await _insert(tx, account, activity)
    _ring(tx, await deliveries.insert_for_followers(tx.db, outgoing, account.id))


async def send_to_everyone(tx: Transaction, account: Account, activity: Document) -> None:
    """Deliver an activity to every server that may know the account."""
    outgoing = await _insert(tx, account, activity)
    _ring(tx, await deliveries.insert_for_everyone(tx.db, outgoing, account.id))


async def send_status(
    tx: Transaction,
    account: Account,
    activity: Document,
    status_id: int,
    *,
    to_followers: bool,
    to_past: bool = False,
    is_private: bool = False,
) -> None:
    """Deliver an activity about a status to all whom the status is for.

    With one for followers alone (`is_private`) goes what they are, so that the other side notices
    when it thinks otherwise (FEP-8fcf).
    """
    outgoing = await _insert(tx, account, activity, status_id)
    count = await deliveries.insert_for_status(
        tx.db, outgoing, status_id, account.id, to_followers=to_followers, to_past=to_past
    )
    if count and is_private:
        await deliveries.add_followers_digests(tx.db, outgoing, account.id)
    _ring(tx, count)


def asked_again(activity: Document) -> Asks:
    """What is asked again before each attempt to deliver it, see migration 0072."""
    kind, subject = activity["type"], activity["object"]
    if kind in _TAKES_BACK:
        return "nothing"
    if kind == "Move":
        return "host"
    if kind == "Update":
        return "host" if subject["id"] == activity["actor"] else "readers"
    return "people"


async def _insert(
    tx: Transaction, account: Account, activity: Document, status_id: int | None = None
) -> int:
    body = orjson.dumps(proven(tx.cipher, account, activity))
    return await deliveries.insert_outgoing(
        tx.db, account.id, body, asked_again(activity), status_id
    )


def _ring(tx: Transaction, count: int) -> None:
    if count:
        tx.publish(_BELL, "")
