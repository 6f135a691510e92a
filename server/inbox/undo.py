"""Somebody elsewhere takes back what they did."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from federation import origins
from federation.documents import reading
from federation.documents.activity import Activity, read_activity
from federation.documents.reading import Document
from federation.errors import Untrusted
from server.fanout import follows as follow_fanout
from server.fanout import statuses as fanout
from server.fanout.reactions import remove_reaction
from server.inbox.accept import find_follow
from server.runtime import Runtime
from server.store import (
    accounts,
    blocks,
    favourites,
    follows,
    notifications,
    reactions,
    status_writes,
    statuses,
    tombstones,
)
from server.store.accounts import Account
from server.store.statuses import Status
from server.text.emoji import normal_emoji
from server.transaction import Transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Undone:
    """What is undone: its id, its object's, and as much of it as came along."""

    uri: str | None
    object_uri: str | None
    document: Document


async def handle_undo(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """What is undone is found by its id, else by actor and object; only its author can."""
    inner = activity.object if isinstance(activity.object, dict) else {}
    kind = reading.type_of(inner)
    if inner and reading.id_of(inner.get("actor")) not in {None, sender.uri}:
        raise Untrusted(f"{sender.uri} does not undo what {inner['actor']} did")
    undone = _Undone(activity.object_id, reading.id_of(inner.get("object")), inner)
    is_own = undone.uri and origins.is_same_origin(undone.uri, sender.uri)
    async with runtime.transaction() as tx:
        if is_own and undone.uri:  # it may come before what it undoes
            await tombstones.insert_tombstone(tx.db, undone.uri, sender.uri)
        had_effect = [
            await undo(tx, sender, undone) for name, undo in _UNDOS.items() if kind in {name, ""}
        ]
    if not any(had_effect):
        log.info("nothing of %s is undone by %s", sender.uri, undone.uri)


async def _undo_follow(tx: Transaction, sender: Account, undone: _Undone) -> bool:
    target = await accounts.find_by_uri(tx.db, undone.object_uri) if undone.object_uri else None
    has_ended = False
    for table in ("follows", "follow_requests"):
        target_id = target.id if target else None
        if target_id is None and undone.uri:
            found = await follows.find_by_uri(tx.db, table, undone.uri)
            target_id = found.target_id if found and found.account_id == sender.id else None
        if target_id is None:
            continue
        if table == "follows":
            ended = await follows.delete_follow(tx.db, sender.id, target_id)
            await notifications.delete_notifications(tx.db, "follow", target_id, sender.id, None)
        else:
            ended = await follows.delete_request(tx.db, sender.id, target_id)
            await notifications.delete_notifications(
                tx.db, "follow_request", target_id, sender.id, None
            )
        has_ended |= ended is not None
    if has_ended and undone.uri:  # one id may stand for all Follows of a pair
        await tombstones.delete_tombstone(tx.db, undone.uri, sender.uri)
    return has_ended


async def _undo_accept(tx: Transaction, sender: Account, undone: _Undone) -> bool:
    """A member follows no longer but asks again."""
    if reading.type_of(undone.document) != "Accept":  # of one that is only named we kept no id
        return False
    accept = read_activity({**undone.document, "actor": sender.uri})
    follow = await find_follow(tx.db, "follows", sender, accept)
    if follow is None:
        return False
    await follows.delete_follow(tx.db, follow.account_id, sender.id)
    await follows.insert_request(
        tx.db,
        follow.account_id,
        sender.id,
        follow.uri,
        show_boosts=follow.show_boosts,
        notify=follow.notify,
        languages=follow.languages,
    )
    await follow_fanout.empty(tx, follow.account_id, sender.id)
    return True


async def _undo_like(tx: Transaction, sender: Account, undone: _Undone) -> bool:
    status_id = await favourites.find_favourited(tx.db, sender.id, undone.uri, undone.object_uri)
    if not status_id or not await favourites.delete_favourite(tx.db, sender.id, status_id):
        return False
    author_id = (await statuses.get_status(tx.db, status_id)).account_id
    await notifications.delete_notifications(tx.db, "favourite", author_id, sender.id, status_id)
    return True


async def _undo_react(tx: Transaction, sender: Account, undone: _Undone) -> bool:
    content = reading.string(undone.document.get("content")) or ""
    name = normal_emoji(content) or content.strip(":").partition("@")[0]
    found = await reactions.find_reacted(tx.db, sender.id, undone.uri, undone.object_uri, name)
    if found:
        status_id, name, domain = found
        status = await statuses.get_status(tx.db, status_id)
        await remove_reaction(tx, sender.id, status, name, domain)
    return found is not None


async def _undo_announce(tx: Transaction, sender: Account, undone: _Undone) -> bool:
    boost: Status | None = await statuses.find_by_uri(tx.db, undone.uri) if undone.uri else None
    if boost is None and undone.object_uri:
        original = await statuses.find_by_uri(tx.db, undone.object_uri)
        boost = await statuses.find_boost(tx.db, sender.id, original.id) if original else None
    if boost is None or boost.account_id != sender.id or not boost.boost_of_id:
        return False
    await fanout.announce_deletion(tx, boost)
    await status_writes.delete_status(tx.db, boost, sender.uri)
    return True


async def _undo_block(tx: Transaction, sender: Account, undone: _Undone) -> bool:
    target = await accounts.find_by_uri(tx.db, undone.object_uri) if undone.object_uri else None
    target_id = target.id if target else await blocks.find_target(tx.db, sender.id, undone.uri)
    if not target_id or not await blocks.delete_block(tx.db, sender.id, target_id):
        return False
    if undone.uri:
        await tombstones.delete_tombstone(tx.db, undone.uri, sender.uri)
    return True


_UNDOS: dict[str, Callable[[Transaction, Account, _Undone], Awaitable[bool]]] = {
    "Follow": _undo_follow,
    "Accept": _undo_accept,
    "Like": _undo_like,
    "EmojiReact": _undo_react,
    "Announce": _undo_announce,
    "Block": _undo_block,
}
