"""What leaves is written in the transaction of what it tells, then a bell rings."""

from collections.abc import Sequence

import orjson

from federation.documents.reading import Document
from server.identity.proofs import proven
from server.store import deliveries
from server.store.accounts import Account
from server.transaction import Transaction

BELL = "jobs:deliver"


async def send(
    tx: Transaction, account: Account, activity: Document, inboxes: Sequence[str | None]
) -> None:
    """Deliver an activity of one of our accounts; nothing happens without a remote inbox."""
    wanted = [inbox for inbox in dict.fromkeys(inboxes) if inbox]
    if wanted:
        outgoing = await deliveries.insert_outgoing(
            tx.db, account.id, _bytes(tx, account, activity)
        )
        await deliveries.insert_deliveries(tx.db, outgoing, wanted)
        tx.publish(BELL, "")


async def send_to_everyone(tx: Transaction, account: Account, activity: Document) -> None:
    """Deliver an activity to every server that may know the account."""
    outgoing = await deliveries.insert_outgoing(tx.db, account.id, _bytes(tx, account, activity))
    if await deliveries.insert_for_everyone(tx.db, outgoing, account.id):
        tx.publish(BELL, "")


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
    outgoing = await deliveries.insert_outgoing(tx.db, account.id, _bytes(tx, account, activity))
    count = await deliveries.insert_for_status(
        tx.db, outgoing, status_id, account.id, to_followers=to_followers, to_past=to_past
    )
    if count and is_private:
        await deliveries.add_followers_digests(tx.db, outgoing, account.id)
    if count:
        tx.publish(BELL, "")


def _bytes(tx: Transaction, account: Account, activity: Document) -> bytes:
    return orjson.dumps(proven(tx.cipher, account, activity))
