"""Add to and Remove from the collection of what stands on a profile: pinned posts, hashtags."""

from typing import Any

from federation.documents.activity import build_activity
from federation.documents.audience import PUBLIC
from federation.documents.context import NOTE_CONTEXT
from federation.documents.tag import build_hashtag
from server.outbox.queue import send_to_followers
from server.outbox.relations import new_activity_uri
from server.store.accounts import Account
from server.store.statuses import Status
from server.transaction import Transaction


async def send_add(tx: Transaction, account: Account, status: Status) -> None:
    """Tell followers elsewhere of a pin."""
    if status.visibility in {"public", "unlisted"}:
        await _tell(tx, "Add", account, status.uri)


async def send_remove(tx: Transaction, account: Account, status: Status) -> None:
    """Tell them that it is gone."""
    if status.visibility in {"public", "unlisted"}:
        await _tell(tx, "Remove", account, status.uri)


async def send_add_hashtag(tx: Transaction, account: Account, name: str) -> None:
    """Tell followers elsewhere of a hashtag on the profile."""
    await _tell(tx, "Add", account, build_hashtag(tx.addresses.tag_url(name), name))


async def send_remove_hashtag(tx: Transaction, account: Account, name: str) -> None:
    """Tell them that it is gone."""
    await _tell(tx, "Remove", account, build_hashtag(tx.addresses.tag_url(name), name))


async def _tell(tx: Transaction, kind: str, account: Account, inner: Any) -> None:
    activity = build_activity(
        kind,
        new_activity_uri(tx, account, f"{kind.lower()}s"),
        account.uri,
        inner,
        [PUBLIC],
        [tx.addresses.collection(account.id, "followers")],
        # Of hashtags too: Mastodon names this collection and looks at the object's type.
        target=tx.addresses.collection(account.id, "featured"),
    )
    if isinstance(inner, dict):
        activity["@context"] = NOTE_CONTEXT
    await send_to_followers(tx, account, activity)
