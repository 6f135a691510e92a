"""Like and its Undo."""

from federation.documents.activity import build_activity
from federation.documents.authorization import authorization
from federation.documents.context import AUTHORIZATION_CONTEXT
from federation.documents.reading import Document
from server.outbox.queue import send
from server.store import accounts
from server.store.accounts import Account
from server.store.statuses import Status
from server.transaction import Transaction


async def send_like(tx: Transaction, account: Account, status: Status, favourite_id: int) -> None:
    """Tell the author elsewhere of a favourite."""
    await _tell(tx, account, status, _like(tx, account, status, favourite_id))


async def send_granted_like(
    tx: Transaction, account: Account, status: Status, uri: str, stamp_uri: str
) -> None:
    """The same for one that the author has agreed to, which the stamp shows."""
    like = build_activity("Like", uri, account.uri, status.uri)
    stamped = {**like, **authorization("like", stamp_uri), "@context": AUTHORIZATION_CONTEXT}
    await _tell(tx, account, status, stamped)


async def send_undo_like(
    tx: Transaction, account: Account, status: Status, favourite_id: int
) -> None:
    """Take it back."""
    like = _like(tx, account, status, favourite_id)
    await _tell(
        tx, account, status, build_activity("Undo", f"{like['id']}/undo", account.uri, like)
    )


def like_uri(tx: Transaction, account: Account, favourite_id: int) -> str:
    """Id of the Like of a favourite."""
    return f"{tx.addresses.account_uri(account.id)}#likes/{favourite_id}"


def _like(tx: Transaction, account: Account, status: Status, favourite_id: int) -> Document:
    """Each has an id of its own: one that was undone is not taken again."""
    uri = like_uri(tx, account, favourite_id)
    return build_activity("Like", uri, account.uri, status.uri)


async def _tell(tx: Transaction, account: Account, status: Status, activity: Document) -> None:
    if not status.local:
        author = await accounts.get_account(tx.db, status.account_id)
        await send(tx, account, {**activity, "to": [author.uri]}, [author])
