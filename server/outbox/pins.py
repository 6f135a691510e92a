"""Add to and Remove from the collection of pinned posts."""

from federation.documents.activity import build_activity
from federation.documents.audience import PUBLIC
from server.outbox.queue import send_to_followers
from server.outbox.relations import new_activity_uri
from server.store.accounts import Account
from server.store.statuses import Status
from server.transaction import Transaction


async def send_add(tx: Transaction, account: Account, status: Status) -> None:
    """Tell followers elsewhere of a pin."""
    await _tell(tx, "Add", account, status)


async def send_remove(tx: Transaction, account: Account, status: Status) -> None:
    """Tell them that it is gone."""
    await _tell(tx, "Remove", account, status)


async def _tell(tx: Transaction, kind: str, account: Account, status: Status) -> None:
    if status.visibility not in {"public", "unlisted"}:
        return
    activity = build_activity(
        kind,
        new_activity_uri(tx, account, f"{kind.lower()}s"),
        account.uri,
        status.uri,
        [PUBLIC],
        [tx.addresses.collection(account.id, "followers")],
        target=tx.addresses.collection(account.id, "featured"),
    )
    await send_to_followers(tx, account, activity)
