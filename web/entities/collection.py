"""Collection and its items."""

from typing import Any

from federation.documents.tag import fold_hashtag
from server.addresses import Addresses
from server.store.collections import Collection, Item
from web.entities.values import timestamp

Entity = dict[str, Any]


def collection_entity(collection: Collection, addresses: Addresses) -> Entity:
    """Mastodon's Collection."""
    return {
        "id": str(collection.id),
        "account_id": str(collection.account_id),
        "uri": collection.uri or addresses.collection_uri(collection.account_id, collection.id),
        "url": collection.url or addresses.collection_url(collection.id),
        "name": collection.name,
        "description": collection.description,
        "language": collection.language,
        "local": collection.uri is None,
        "sensitive": collection.sensitive,
        "discoverable": collection.discoverable,
        "tag": {"name": collection.tag, "url": addresses.tag_url(fold_hashtag(collection.tag))}
        if collection.tag
        else None,
        "created_at": timestamp(collection.created_at),
        "updated_at": timestamp(collection.updated_at),
        "item_count": len(collection.items),
        "items": [item_entity(item) for item in collection.items],
    }


def item_entity(item: Item) -> Entity:
    """CollectionItem."""
    return {
        "id": str(item.id),
        "account_id": str(item.account_id),
        "state": item.state,
        "created_at": timestamp(item.created_at),
    }
