"""Collections of members and their consent to stand in those of others, as documents and on their
way (FEP-7aa9, as Mastodon does it).
"""

from collections.abc import Mapping, Sequence

from federation.documents import featured
from federation.documents.activity import build_activity
from federation.documents.audience import PUBLIC
from federation.documents.context import COLLECTION_CONTEXT
from federation.documents.featured import FeaturedCollection, FeatureStamp
from federation.documents.reading import Document
from federation.documents.tag import fold_hashtag
from server.addresses import Addresses
from server.outbox.queue import send, send_to_followers
from server.outbox.relations import new_activity_uri
from server.store import accounts, collections, remote_collections
from server.store.accounts import Account
from server.store.collections import Collection, Item
from server.store.database import Database
from server.transaction import Transaction


async def collection_documents(
    db: Database, found: Sequence[Collection], owner: Account, addresses: Addresses
) -> list[Document]:
    """Collections of ours with everybody who agreed to stand in them."""
    ids = {item.account_id for one in found for item in _standing(one)}
    people = {account.id: account for account in await accounts.list_accounts(db, list(ids))}
    return [_document(one, owner, people, addresses) for one in found]


def _standing(collection: Collection) -> list[Item]:
    return [item for item in collection.items if item.state == "accepted"]


def _document(
    collection: Collection, owner: Account, people: Mapping[int, Account], addresses: Addresses
) -> Document:
    tag = collection.tag
    return featured.build_collection(
        FeaturedCollection(
            id=addresses.collection_uri(owner.id, collection.id),
            author=owner.uri,
            name=collection.name,
            summary=collection.description,
            language=collection.language,
            url=addresses.collection_url(collection.id),
            sensitive=collection.sensitive,
            discoverable=collection.discoverable,
            topic=tag,
            topic_url=addresses.tag_url(fold_hashtag(tag)) if tag else "",
            published=collection.created_at,
            updated=collection.updated_at,
            items=[
                _item(collection, item, people[item.account_id], addresses)
                for item in _standing(collection)
            ],
        )
    )


def item_document(
    collection: Collection, item: Item, account: Account, addresses: Addresses
) -> Document:
    """Somebody who stands in a collection of ours."""
    return featured.build_item(_item(collection, item, account, addresses))


def stamp_document(account: Account, item_id: int, uri: str, addresses: Addresses) -> Document:
    """A member of ours agrees to stand in the collection with that id."""
    stamp = addresses.feature_stamp(account.id, item_id)
    return featured.build_stamp(FeatureStamp(stamp, account.uri, uri))


async def send_add(tx: Transaction, collection: Collection) -> None:
    """Tell of a new collection."""
    owner = await accounts.get_account(tx.db, collection.account_id)
    [document] = await collection_documents(tx.db, [collection], owner, tx.addresses)
    target = tx.addresses.collection(owner.id, "featured_collections")
    await _tell(tx, owner, collection, _activity(tx, "Add", owner, document, target))


async def send_update(tx: Transaction, collection: Collection, *, was_shown: bool) -> None:
    """Tell of a change; `was_shown` says whether the collection could be found before."""
    owner = await accounts.get_account(tx.db, collection.account_id)
    [document] = await collection_documents(tx.db, [collection], owner, tx.addresses)
    activity = _activity(tx, "Update", owner, document)
    await _tell(tx, owner, collection, activity, is_shown=was_shown or collection.discoverable)


async def send_remove(tx: Transaction, collection: Collection) -> None:
    """Tell that it is gone; to be called before it is."""
    owner = await accounts.get_account(tx.db, collection.account_id)
    uri = tx.addresses.collection_uri(owner.id, collection.id)
    target = tx.addresses.collection(owner.id, "featured_collections")
    await _tell(tx, owner, collection, _activity(tx, "Remove", owner, uri, target))


async def send_add_item(tx: Transaction, collection: Collection, item: Item) -> None:
    """Tell who stands in it now."""
    owner = await accounts.get_account(tx.db, collection.account_id)
    account = await accounts.get_account(tx.db, item.account_id)
    document = item_document(collection, item, account, tx.addresses)
    target = tx.addresses.collection_uri(owner.id, collection.id)
    await _tell(tx, owner, collection, _activity(tx, "Add", owner, document, target))


async def send_remove_item(tx: Transaction, collection: Collection, item: Item) -> None:
    """Tell who stands in it no more; to be called before the item is gone."""
    owner = await accounts.get_account(tx.db, collection.account_id)
    uri = tx.addresses.collection_item(owner.id, item.id)
    target = tx.addresses.collection_uri(owner.id, collection.id)
    await _tell(tx, owner, collection, _activity(tx, "Remove", owner, uri, target))


async def send_request(tx: Transaction, collection: Collection, item: Item) -> None:
    """Ask somebody elsewhere whether they agree to stand in a collection of ours."""
    owner = await accounts.get_account(tx.db, collection.account_id)
    account = await accounts.get_account(tx.db, item.account_id)
    request = featured.build_request(
        tx.addresses.feature_request(owner.id, item.id),
        owner.uri,
        account.uri,
        tx.addresses.collection_uri(owner.id, collection.id),
    )
    await send(tx, owner, request, [account])


async def send_answer(
    tx: Transaction, member: Account, asker: Account, request_uri: str, item_id: int | None
) -> None:
    """Answer somebody elsewhere who asked: with the stamp of the item, or no."""
    kind = "Reject" if item_id is None else "Accept"
    result: Document = (
        {} if item_id is None else {"result": tx.addresses.feature_stamp(member.id, item_id)}
    )
    uri = new_activity_uri(tx, member, f"{kind.lower()}s")
    answer = build_activity(kind, uri, member.uri, request_uri, [asker.uri], **result)
    await send(tx, member, answer, [asker])


async def send_revocation(
    tx: Transaction, member: Account, owner: Account, item_id: int, collection_uri: str
) -> None:
    """Tell the owner, and whoever else may show the collection, that a member agrees no more."""
    stamp = stamp_document(member, item_id, collection_uri, tx.addresses)
    delete = build_activity("Delete", f"{stamp['id']}#delete", member.uri, stamp, [PUBLIC])
    delete["@context"] = COLLECTION_CONTEXT
    await send(tx, member, delete, [owner])
    await send_to_followers(tx, member, delete)


async def send_partings(tx: Transaction, account_id: int, other_id: int) -> None:
    """Tell that two accounts will stand in each other's collections no more; before they do not."""
    for place in await remote_collections.list_between(tx.db, account_id, other_id):
        found = await collections.find_collections(tx.db, [place.collection_id])
        collection = found[place.collection_id]
        member = await accounts.get_account(tx.db, place.item.account_id)
        if collection.uri is None:
            await send_remove_item(tx, collection, place.item)
        elif member.is_local:
            owner = await accounts.get_account(tx.db, place.owner_id)
            await send_revocation(tx, member, owner, place.item.id, collection.uri)


def _activity(
    tx: Transaction, kind: str, owner: Account, inner: Document | str, target: str | None = None
) -> Document:
    uri = new_activity_uri(tx, owner, f"{kind.lower()}s")
    followers = tx.addresses.collection(owner.id, "followers")
    more = {"target": target} if target else {}
    activity = build_activity(kind, uri, owner.uri, inner, [PUBLIC], [followers], **more)
    return {**activity, "@context": COLLECTION_CONTEXT}


async def _tell(
    tx: Transaction,
    owner: Account,
    collection: Collection,
    activity: Document,
    *,
    is_shown: bool | None = None,
) -> None:
    """To all followers if the collection may be found, and to those who stand in it."""
    if collection.discoverable if is_shown is None else is_shown:
        await send_to_followers(tx, owner, activity)
    apart = await remote_collections.list_apart(tx.db, collection.id)
    await send(tx, owner, activity, await accounts.list_accounts(tx.db, apart))


def _item(
    collection: Collection, item: Item, account: Account, addresses: Addresses
) -> featured.Item:
    stamp = addresses.feature_stamp(account.id, item.id) if account.is_local else item.stamp_uri
    uri = addresses.collection_item(collection.account_id, item.id)
    return featured.Item(uri, account.uri, stamp, item.created_at)
