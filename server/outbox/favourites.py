"""Like and its Undo."""

from federation.documents.activity import build_activity
from federation.documents.reading import Document
from server.outbox.queue import send
from server.store import accounts
from server.store.accounts import Account
from server.store.statuses import Status
from server.transaction import Transaction


async def send_like(tx: Transaction, account: Account, status: Status) -> None:
    """Tell the author elsewhere of a favourite."""
    await _tell(tx, account, status, _like(tx, account, status))


async def send_undo_like(tx: Transaction, account: Account, status: Status) -> None:
    """Take it back."""
    like = _like(tx, account, status)
    await _tell(
        tx, account, status, build_activity("Undo", f"{like['id']}/undo", account.uri, like)
    )


def _like(tx: Transaction, account: Account, status: Status) -> Document:
    uri = f"{tx.addresses.account_uri(account.id)}#likes/{status.id}"
    return build_activity("Like", uri, account.uri, status.uri)


async def _tell(tx: Transaction, account: Account, status: Status, activity: Document) -> None:
    if not status.local:
        author = await accounts.get_account(tx.db, status.account_id)
        await send(tx, account, {**activity, "to": [author.uri]}, [author.inbox_url])
