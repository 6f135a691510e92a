"""Follow, Accept, Reject, Undo and Block: each to one inbox, with whole embedded objects."""

from federation.documents.activity import build_activity
from federation.documents.reading import Document
from server.outbox.queue import send
from server.secrets import new_token
from server.store.accounts import Account
from server.transaction import Transaction


def new_activity_uri(tx: Transaction, account: Account, kind: str) -> str:
    """An id of an activity that nobody needs to fetch."""
    return f"{tx.addresses.account_uri(account.id)}#{kind}/{new_token()[:22]}"


async def send_follow(tx: Transaction, account: Account, target: Account, uri: str) -> None:
    """Ask to follow somebody elsewhere."""
    await _tell(tx, account, target, _follow(uri, account, target))


async def send_undo_follow(
    tx: Transaction, account: Account, target: Account, uri: str | None
) -> None:
    """Follow no longer, or take the request back."""
    follow = _follow(uri or new_activity_uri(tx, account, "follows"), account, target)
    await _undo(tx, account, target, follow)


async def send_accept_follow(
    tx: Transaction, account: Account, follower: Account, follow_uri: str | None
) -> None:
    """Tell a follower elsewhere that the request is granted."""
    await _answer(tx, "Accept", account, follower, follow_uri)


async def send_reject_follow(
    tx: Transaction, account: Account, follower: Account, follow_uri: str | None
) -> None:
    """Tell somebody elsewhere that they do not (or no longer) follow."""
    await _answer(tx, "Reject", account, follower, follow_uri)


async def send_block(tx: Transaction, account: Account, target: Account, uri: str) -> None:
    """Tell somebody elsewhere's server of a block."""
    await _tell(tx, account, target, build_activity("Block", uri, account.uri, target.uri))


async def send_undo_block(
    tx: Transaction, account: Account, target: Account, uri: str | None
) -> None:
    """Take a block back."""
    block_uri = uri or new_activity_uri(tx, account, "blocks")
    block = build_activity("Block", block_uri, account.uri, target.uri)
    await _undo(tx, account, target, block)


def _follow(uri: str, account: Account, target: Account) -> Document:
    return build_activity("Follow", uri, account.uri, target.uri)


async def _answer(
    tx: Transaction, kind: str, account: Account, follower: Account, follow_uri: str | None
) -> None:
    follow = _follow(follow_uri or f"{follower.uri}#follow", follower, account)
    uri = new_activity_uri(tx, account, f"{kind.lower()}s")
    await _tell(tx, account, follower, build_activity(kind, uri, account.uri, follow))


async def _undo(tx: Transaction, account: Account, target: Account, inner: Document) -> None:
    uri = f"{inner['id']}/undo"
    await _tell(tx, account, target, build_activity("Undo", uri, account.uri, inner))


async def _tell(tx: Transaction, account: Account, target: Account, activity: Document) -> None:
    if account.is_local and not target.is_local:
        await send(tx, account, {**activity, "to": [target.uri]}, [target])
