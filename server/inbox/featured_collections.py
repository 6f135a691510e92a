"""Collections between servers (FEP-7aa9): somebody elsewhere asks members to stand in theirs, shows
them, and answers those of ours who ask.
"""

import logging

from federation.documents import featured
from federation.documents.activity import Activity
from federation.documents.reading import id_of, type_of
from federation.errors import Malformed, Untrusted
from federation.origins import is_same_origin
from federation.transport.fetch import fetch_document
from server.fanout.notifications import notify
from server.identity.signing import instance_signer
from server.outbox import collections as outbox
from server.remote import featured_collections as remote
from server.runtime import Runtime
from server.store import (
    accounts,
    collections,
    domain_blocks,
    remote_accounts,
    remote_collections,
    tombstones,
)
from server.store.accounts import Account
from server.store.remote_collections import Place
from server.transaction import Transaction

log = logging.getLogger(__name__)


async def handle_feature_request(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Accept with a stamp, or reject, as the member says who may put them into a collection."""
    member = await accounts.find_by_uri(runtime.db, activity.object_id or "")
    if member is None or not member.is_local or not activity.id or not activity.instrument_id:
        return
    if not is_same_origin(activity.instrument_id, sender.uri):
        raise Untrusted(f"{activity.instrument_id} is not of {sender.uri}")
    agreed = None
    if await _is_willing(runtime, sender, member):
        collection_id = await remote.find_or_fetch_collection(runtime, activity.instrument_id)
        await _check_owner(runtime, sender, activity.instrument_id)
        async with runtime.transaction() as tx:
            agreed = await remote_collections.agree(tx.db, collection_id, member.id)
            if agreed and agreed[1]:
                kind = "added_to_collection"
                await notify(tx, kind, [member.id], sender.id, collection_id=collection_id)
    async with runtime.transaction() as tx:
        item_id = agreed[0] if agreed else None
        await outbox.send_answer(tx, member, sender, activity.id, item_id)


async def take_feature_answer(runtime: Runtime, sender: Account, activity: Activity) -> bool:
    """Take an Accept or Reject of a member's request; False when it is of another kind.

    Only who was asked can give it, and an Accept counts when the stamp that it names holds.
    """
    item_id = runtime.addresses.feature_requested(activity.object_id or "")
    if item_id is None:
        return False
    place = await remote_collections.find_place(runtime.db, item_id)
    if place is None or not place.is_ours or place.item.account_id != sender.id:
        raise Untrusted(f"nobody asks {sender.uri} for {activity.object_id}")
    if activity.type == "Reject":
        async with runtime.transaction() as tx:
            await _leave(tx, place)
        return True
    uri = runtime.addresses.collection_uri(place.owner_id, place.collection_id)
    if not await remote.has_stamp(runtime, sender.uri, uri, activity.result_id):
        raise Untrusted(f"{activity.result_id} is no stamp for {uri}")
    async with runtime.transaction() as tx:
        if await remote_collections.accept_item(tx.db, item_id, activity.result_id or ""):
            await remote_collections.renew(tx.db, place.collection_id)
            found = await collections.find_collections(tx.db, [place.collection_id])
            collection = found[place.collection_id]
            item = next(one for one in collection.items if one.id == item_id)
            await outbox.send_add_item(tx, collection, item)
    return True


async def take_feature_revocation(runtime: Runtime, sender: Account, stamp_uri: str) -> bool:
    """Take the deletion of a stamp, by whoever gave it; False when it is no stamp that we know."""
    places = await remote_collections.list_by_stamp(runtime.db, stamp_uri, sender.id)
    if not places:
        return False
    async with runtime.transaction() as tx:
        await tombstones.insert_tombstone(tx.db, stamp_uri, sender.uri)
        for place in places:
            await _leave(tx, place)
    return True


async def handle_shown(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Somebody elsewhere shows a collection, or somebody in one of theirs (an Add)."""
    if activity.target_id and activity.target_id == sender.collections_url:
        if await remote_accounts.concerns_us(runtime.db, sender.id):
            document = await _read(runtime, sender, activity)
            await remote.store_collection(runtime, sender, featured.read_collection(document))
        return
    collection_id = await _own_collection(runtime, sender, activity)
    if collection_id is None:
        await _look_up(runtime, sender, activity)
        return
    item = featured.read_item(await _read(runtime, sender, activity))
    async with runtime.transaction() as tx:
        standing = await remote_collections.list_items(tx.db, collection_id)
        if len(standing) < featured.MOST_ITEMS:
            remote.read_items_later(tx, collection_id, [item], len(standing))


async def handle_hidden(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Somebody elsewhere shows a collection, or somebody in one of theirs, no more (a Remove)."""
    uri = activity.object_id
    if uri is None or not is_same_origin(uri, sender.uri):
        log.info("%s is not at the origin of %s, who takes it off", uri, sender.uri)
        return
    if activity.target_id and activity.target_id == sender.collections_url:
        async with runtime.transaction() as tx:
            await tombstones.insert_tombstone(tx.db, uri, sender.uri)
            await remote.forget_collection(tx, sender, uri)
        return
    collection_id = await _own_collection(runtime, sender, activity)
    if collection_id is None:
        log.info("%s is nothing of %s from which is taken", activity.target_id, sender.uri)
        return
    await remote_collections.delete_item(runtime.db, collection_id, uri)


async def update_collection(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Somebody elsewhere changes a collection of theirs; one that we missed is taken up if a member
    follows them.
    """
    known = await remote_collections.find_by_uri(runtime.db, activity.object_id or "")
    if known or await remote_accounts.concerns_us(runtime.db, sender.id):
        told = featured.read_collection(activity.object)
        await remote.store_collection(runtime, sender, told)


async def _is_willing(runtime: Runtime, sender: Account, member: Account) -> bool:
    if await collections.list_unwilling(runtime.db, sender.id, [member.id]):
        return False
    return not await domain_blocks.is_blocked(runtime.db, member.id, sender.domain or "")


async def _check_owner(runtime: Runtime, sender: Account, uri: str) -> None:
    known = await remote_collections.find_by_uri(runtime.db, uri)
    if known is None or known.account_id != sender.id:
        raise Untrusted(f"{uri} is not by {sender.uri}")


async def _own_collection(runtime: Runtime, sender: Account, activity: Activity) -> int | None:
    known = await remote_collections.find_by_uri(runtime.db, activity.target_id or "")
    return known.id if known and known.account_id == sender.id else None


async def _look_up(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """What is added to may have been overtaken by this, and then is read whole."""
    uri = activity.target_id
    is_own = uri is not None and is_same_origin(uri, sender.uri)
    if uri and is_own and await remote_accounts.concerns_us(runtime.db, sender.id):
        await remote.find_or_fetch_collection(runtime, uri)
    else:
        log.info("%s is nothing of %s to which is added", uri, sender.uri)


async def _read(runtime: Runtime, sender: Account, activity: Activity) -> dict[str, object]:
    """What an Add is about, whole: one that is only named is read at its origin."""
    if isinstance(activity.object, dict) and type_of(activity.object):
        return activity.object
    uri = id_of(activity.object)
    if uri is None or not is_same_origin(uri, sender.uri):
        raise Malformed("what is added has no address of its owner's")
    return await fetch_document(runtime.http, uri, await instance_signer(runtime))


async def _leave(tx: Transaction, place: Place) -> None:
    """Who agrees no more stands in a collection no more; of ours its followers are told."""
    if place.is_ours and place.item.state == "accepted":
        found = await collections.find_collections(tx.db, [place.collection_id])
        await outbox.send_remove_item(tx, found[place.collection_id], place.item)
    await collections.delete_item(tx.db, place.collection_id, place.item.id)
