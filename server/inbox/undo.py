"""Somebody elsewhere takes back what they did."""

import logging

from federation.documents import reading
from federation.documents.activity import Activity
from federation.errors import Untrusted
from server.fanout import statuses as fanout
from server.fanout.reactions import remove_reaction
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


async def handle_undo(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """What is undone is found by its id, else by actor and object; only its author can."""
    inner = activity.object if isinstance(activity.object, dict) else {}
    kind = reading.type_of(inner)
    if inner and reading.id_of(inner.get("actor")) not in {None, sender.uri}:
        raise Untrusted(f"{sender.uri} does not undo what {inner['actor']} did")
    object_uri = reading.id_of(inner.get("object"))
    is_own = activity.object_id and reading.is_same_origin(activity.object_id, sender.uri)
    async with runtime.transaction() as tx:
        if is_own and activity.object_id:  # it may come before what it undoes
            await tombstones.insert_tombstone(tx.db, activity.object_id, sender.uri)
        ended = liked = reacted = boosted = blocked = False
        if kind in {"Follow", ""}:
            ended = await _undo_follow(tx, sender, activity.object_id, object_uri)
            if ended and activity.object_id:  # one id may stand for all Follows of a pair
                await tombstones.delete_tombstone(tx.db, activity.object_id, sender.uri)
        if kind in {"Like", ""}:
            liked = await _undo_like(tx, sender, activity.object_id, object_uri)
        if kind in {"EmojiReact", ""}:
            name = reading.string(inner.get("content"))
            reacted = await _undo_react(tx, sender, activity.object_id, object_uri, name)
        if kind in {"Announce", ""}:
            boosted = await _undo_announce(tx, sender, activity.object_id, object_uri)
        if kind in {"Block", ""}:
            blocked = await _undo_block(tx, sender, activity.object_id, object_uri)
    if not (ended or liked or reacted or boosted or blocked):
        log.info("nothing of %s is undone by %s", sender.uri, activity.object_id)


async def _undo_follow(
    tx: Transaction, sender: Account, uri: str | None, object_uri: str | None
) -> bool:
    target = await accounts.find_by_uri(tx.db, object_uri) if object_uri else None
    has_ended = False
    for table in ("follows", "follow_requests"):
        target_id = target.id if target else None
        if target_id is None and uri:
            found = await follows.find_by_uri(tx.db, table, uri)
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
    return has_ended


async def _undo_like(
    tx: Transaction, sender: Account, uri: str | None, object_uri: str | None
) -> bool:
    status_id = await favourites.find_favourited(tx.db, sender.id, uri, object_uri)
    if not status_id or not await favourites.delete_favourite(tx.db, sender.id, status_id):
        return False
    author_id = (await statuses.get_status(tx.db, status_id)).account_id
    await notifications.delete_notifications(tx.db, "favourite", author_id, sender.id, status_id)
    return True


async def _undo_react(
    tx: Transaction, sender: Account, uri: str | None, object_uri: str | None, content: str | None
) -> bool:
    name = normal_emoji(content or "") or (content or "").strip(":").partition("@")[0]
    found = await reactions.find_reacted(tx.db, sender.id, uri, object_uri, name)
    if found:
        status_id, name, domain = found
        status = await statuses.get_status(tx.db, status_id)
        await remove_reaction(tx, sender.id, status, name, domain)
    return found is not None


async def _undo_announce(
    tx: Transaction, sender: Account, uri: str | None, object_uri: str | None
) -> bool:
    boost: Status | None = await statuses.find_by_uri(tx.db, uri) if uri else None
    if boost is None and object_uri:
        original = await statuses.find_by_uri(tx.db, object_uri)
        boost = await statuses.find_boost(tx.db, sender.id, original.id) if original else None
    if boost is None or boost.account_id != sender.id or not boost.boost_of_id:
        return False
    await fanout.announce_deletion(tx, boost)
    await status_writes.delete_status(tx.db, boost, sender.uri)
    return True


async def _undo_block(
    tx: Transaction, sender: Account, uri: str | None, object_uri: str | None
) -> bool:
    target = await accounts.find_by_uri(tx.db, object_uri) if object_uri else None
    target_id = target.id if target else await blocks.find_target(tx.db, sender.id, uri)
    if not target_id or not await blocks.delete_block(tx.db, sender.id, target_id):
        return False
    if uri:
        await tombstones.delete_tombstone(tx.db, uri, sender.uri)
    return True
