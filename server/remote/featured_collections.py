"""Collections of accounts that somebody elsewhere shows (FEP-7aa9).

Whoever stands in one agrees with a stamp at their own server; members of ours with the row that was
written when they agreed. Without that nobody is shown in it, whatever its owner says.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from federation.documents import featured
from federation.documents.featured import FeaturedCollection, Item
from federation.documents.reading import id_of
from federation.errors import Gone, Malformed, RemoteError, Unreachable, Untrusted
from federation.origins import is_same_origin
from federation.transport.fetch import fetch_document
from server import events
from server.fanout.notifications import notify
from server.identity.signing import instance_signer
from server.remote.actors import find_or_fetch_account
from server.remote.collections import items_of
from server.runtime import Runtime
from server.store import accounts, collections, remote_collections, tombstones
from server.store.accounts import Account
from server.store.remote_collections import RemoteCollection
from server.text.language import normal_language
from server.text.sanitize import clean_line, sanitize_html
from server.transaction import Transaction

log = logging.getLogger(__name__)

_MOST_COLLECTIONS = 50
_MOST_PAGES = 10


async def find_or_fetch_collection(runtime: Runtime, uri: str) -> int:
    """Id of the collection of somebody elsewhere. Raises what fetching raises."""
    known = await remote_collections.find_by_uri(runtime.db, uri)
    if known:
        return known.id
    if uri.startswith(f"{runtime.settings.origin}/"):
        raise Gone(f"{uri} is not there (any more)")
    document = await fetch_document(runtime.http, uri, await instance_signer(runtime))
    told = featured.read_collection(document)
    return await store_collection(runtime, await find_or_fetch_account(runtime, told.author), told)


async def link_collections_job(runtime: Runtime, status_id: int, uris: Sequence[str]) -> None:
    """Job: show with a post of somebody elsewhere the collections to which it links.

    Raises Unreachable, so that those whose servers do not answer are tried again.
    """
    ids, unreachable = [], None
    for uri in uris:
        own = runtime.addresses.collections_in(f'href="{uri}"')
        try:
            ids += own or [await find_or_fetch_collection(runtime, uri)]
        except Unreachable as error:
            unreachable = error
        except RemoteError as error:
            log.info("the collection %s cannot be had: %s", uri, error)
    async with runtime.transaction() as tx:
        # Two addresses may be those of one.
        if await collections.put_links(tx.db, status_id, list(dict.fromkeys(ids))):
            events.status_edited(tx, status_id)
    if unreachable:
        raise unreachable


async def store_collection(runtime: Runtime, owner: Account, told: FeaturedCollection) -> int:
    """Keep a collection of that owner, unless we know a newer one; gives its id.

    Raises Untrusted for one of somebody else's, Gone for one that was deleted.
    """
    if told.author != owner.uri or not is_same_origin(told.id, owner.uri) or owner.is_local:
        raise Untrusted(f"{told.id} is not by {owner.uri}")
    async with runtime.transaction() as tx:
        if owner.suspended_at or await tombstones.is_buried(tx.db, told.id, owner.uri):
            raise Gone(f"{told.id} was deleted")
        known = await remote_collections.find_by_uri(tx.db, told.id)
        if known is None:
            count = await remote_collections.count_of_account(tx.db, owner.id)
            if count >= _MOST_COLLECTIONS:
                raise Malformed(f"{owner.uri} has too many collections")
        cleaned = _cleaned(told)
        collection_id = await remote_collections.upsert(tx.db, owner.id, cleaned)
        if collection_id is None:
            if known is None or known.account_id != owner.id:
                raise Untrusted(f"{told.id} is not by {owner.uri}")
            return known.id
        uris = [item if isinstance(item, str) else item.id for item in told.items]
        await remote_collections.keep_items(tx.db, collection_id, uris)
        if known and known.is_changed_by(cleaned):
            members = await remote_collections.list_members(tx.db, collection_id)
            kind = "collection_update"
            await notify(tx, kind, members, owner.id, collection_id=collection_id)
        read_items_later(tx, collection_id, told.items)
    return collection_id


def read_items_later(
    tx: Transaction, collection_id: int, items: Sequence[Item | str], first_place: int = 0
) -> None:
    """Have the worker see who of them agrees."""
    rows = [
        [item, None, None, None]
        if isinstance(item, str)
        else [item.id, item.actor, item.stamp, item.published and item.published.isoformat()]
        for item in items
    ]
    if rows:
        tx.enqueue("read_collection_items", collection_id, rows, first_place)


async def read_collections_job(runtime: Runtime, account_id: int) -> None:
    """Job: read what somebody elsewhere lists, and ask after what is listed no more: it may be gone
    without a word that reached us.
    """
    owner = await accounts.find_account(runtime.db, account_id)
    if owner is None or owner.is_local or owner.suspended_at or not owner.collections_url:
        return
    pages = items_of(runtime, owner.collections_url, owner.uri, _MOST_PAGES, _MOST_COLLECTIONS)
    listed: list[str] = []
    try:
        async for item in pages:
            listed.append(id_of(item) or "")
            try:
                if isinstance(item, dict) and len(item) > 1:
                    await store_collection(runtime, owner, featured.read_collection(item))
                elif isinstance(item, str):
                    await find_or_fetch_collection(runtime, item)
            except RemoteError as error:
                log.info("a collection of %s cannot be had: %s", owner.uri, error)
    except RemoteError as error:
        log.info("collections of %s cannot be read: %s", owner.uri, error)
        return
    for missing in await remote_collections.list_others(runtime.db, owner.id, listed):
        await _ask_after(runtime, owner, missing)


async def _ask_after(runtime: Runtime, owner: Account, uri: str) -> None:
    """It is gone when it is not at its address either; else it is only listed no more."""
    try:
        try:
            document = await fetch_document(runtime.http, uri, await instance_signer(runtime))
        except Gone:
            async with runtime.transaction() as tx:
                await forget_collection(tx, owner, uri)
        else:
            await store_collection(runtime, owner, featured.read_collection(document))
    except RemoteError as error:
        log.info("the collection %s cannot be had: %s", uri, error)


async def forget_collection(tx: Transaction, owner: Account, uri: str) -> None:
    """A collection is gone at its origin: its owner says so."""
    known = await remote_collections.find_by_uri(tx.db, uri)
    if known and known.account_id == owner.id:
        await collections.delete_collection(tx.db, known.id)


async def read_collection_items_job(
    runtime: Runtime, collection_id: int, rows: list[list[Any]], first_place: int
) -> None:
    """Job: show those in a collection of somebody elsewhere who agree to stand in it.

    Raises Unreachable, so that those whose servers do not answer are tried again.
    """
    found = await collections.find_collections(runtime.db, [collection_id])
    collection = found.get(collection_id)
    if collection is None or collection.uri is None:
        return
    known = await remote_collections.list_items(runtime.db, collection_id)
    unreachable: Unreachable | None = None
    for place, row in enumerate(rows, first_place):
        try:
            item = await _item(runtime, collection.uri, row)
            kept = known.get(item.id)
            if kept and kept.stamp_uri and kept.stamp_uri == item.stamp:
                put = remote_collections.place_item
                await put(runtime.db, collection_id, kept.account_id, item.id, place)
            else:
                await _take_item(runtime, collection_id, collection.uri, item, place)
        except Unreachable as error:
            unreachable = error
        except RemoteError as error:
            log.info("%s does not stand in %s: %s", row[0], collection.uri, error)
            await remote_collections.delete_item(runtime.db, collection_id, row[0])
    if unreachable:
        raise unreachable


async def _item(runtime: Runtime, collection_uri: str, row: list[Any]) -> Item:
    uri, actor, stamp, published = row
    if not is_same_origin(uri, collection_uri):
        raise Untrusted(f"{uri} is not of the origin of {collection_uri}")
    if actor is None:
        document = await fetch_document(runtime.http, uri, await instance_signer(runtime))
        return featured.read_item(document)
    return Item(uri, actor, stamp, datetime.fromisoformat(published) if published else None)


async def _take_item(
    runtime: Runtime, collection_id: int, collection_uri: str, item: Item, place: int
) -> None:
    """Raises Untrusted for somebody who does not agree."""
    if item.actor.startswith(f"{runtime.settings.origin}/"):
        member = await accounts.find_by_uri(runtime.db, item.actor)
        if member:  # stands there already, or has not agreed
            put = remote_collections.place_item
            await put(runtime.db, collection_id, member.id, item.id, place)
        return
    if not await has_stamp(runtime, item.actor, collection_uri, item.stamp):
        raise Untrusted(f"{item.actor} does not agree")
    account = await find_or_fetch_account(runtime, item.actor)
    await remote_collections.put_item(
        runtime.db, collection_id, account.id, item.id, item.stamp, place, item.published
    )


async def has_stamp(
    runtime: Runtime, actor_uri: str, collection_uri: str, stamp_uri: str | None
) -> bool:
    """Whether somebody elsewhere agrees to stand in a collection. Raises Unreachable."""
    if not stamp_uri or not is_same_origin(stamp_uri, actor_uri):
        return False
    if await tombstones.is_buried(runtime.db, stamp_uri, actor_uri):
        return False
    try:
        document = await fetch_document(runtime.http, stamp_uri, await instance_signer(runtime))
        stamp = featured.read_stamp(document)
    except Unreachable:
        raise
    except RemoteError as error:
        log.info("no stamp at %s: %s", stamp_uri, error)
        return False
    return (stamp.id, stamp.actor, stamp.collection) == (stamp_uri, actor_uri, collection_uri)


def _cleaned(told: FeaturedCollection) -> RemoteCollection:
    now = datetime.now(UTC)
    return RemoteCollection(
        uri=told.id,
        url=told.url or told.id,
        name=clean_line(told.name, 256),
        description=sanitize_html(told.summary),
        language=normal_language(told.language),
        sensitive=told.sensitive,
        discoverable=told.discoverable,
        tag=told.topic,
        created_at=min(told.published or now, now),
        updated_at=min(told.updated or now, now),
    )
