"""EmojiReact (FEP-c0e0) and its Undo."""

from typing import Any

from federation.documents.activity import build_activity
from federation.documents.context import REACTION_CONTEXT
from federation.documents.reading import Document
from server.addresses import Addresses
from server.outbox import objects
from server.outbox.queue import send
from server.store import accounts
from server.store.accounts import Account
from server.store.reactions import Emoji, Picture
from server.store.statuses import Status
from server.transaction import Transaction


async def send_reaction(
    tx: Transaction, account: Account, status: Status, reaction_id: int, emoji: Emoji
) -> None:
    """Tell the author elsewhere of a reaction."""
    await _tell(tx, account, status, _react(tx, account, status, reaction_id, emoji))


async def send_undo_reaction(
    tx: Transaction, account: Account, status: Status, reaction_id: int, emoji: Emoji
) -> None:
    """Take it back."""
    react = _react(tx, account, status, reaction_id, emoji)
    await _tell(
        tx, account, status, build_activity("Undo", f"{react['id']}/undo", account.uri, react)
    )


def _react(
    tx: Transaction, account: Account, status: Status, reaction_id: int, emoji: Emoji
) -> Document:
    uri = f"{tx.addresses.account_uri(account.id)}#reactions/{reaction_id}"
    more: dict[str, Any] = {"content": emoji.name}
    if emoji.picture:
        tags = [_tag(emoji.name, emoji.picture, tx.addresses)]
        more = {"content": f":{emoji.name}:", "tag": tags}
    return build_activity("EmojiReact", uri, account.uri, status.uri, **more)


def _tag(name: str, picture: Picture, addresses: Addresses) -> Document:
    """One of ours as everywhere else; of one of elsewhere only the picture is known."""
    if "file" in picture:
        return objects.emoji_tag({"shortcode": name, **picture}, addresses)
    icon = {"type": "Image", "url": picture["url"]}
    return {"id": picture["url"], "type": "Emoji", "name": f":{name}:", "icon": icon}


async def _tell(tx: Transaction, account: Account, status: Status, activity: Document) -> None:
    if not status.local:
        author = await accounts.get_account(tx.db, status.account_id)
        document = {**activity, "@context": REACTION_CONTEXT, "to": [author.uri]}
        await send(tx, account, document, [author])
