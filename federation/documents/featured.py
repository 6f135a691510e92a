"""Collections of accounts, and the consent of those who stand in them (FEP-7aa9).

https://codeberg.org/fediverse/fep/src/branch/main/fep/7aa9/fep-7aa9.md
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from federation.documents import reading, tag
from federation.documents.activity import build_activity
from federation.documents.context import COLLECTION_CONTEXT, without_context
from federation.documents.reading import Document
from federation.documents.times import written
from federation.errors import Malformed, Untrusted

TYPE = "FeaturedCollection"
MOST_ITEMS = 150
_LONGEST_NAME = 256
_LONGEST_SUMMARY = 2048
_LONGEST_TOPIC = 100


@dataclass(frozen=True, slots=True)
class Item:
    """Somebody who stands in a collection; `stamp` is where they agree."""

    id: str
    actor: str
    stamp: str | None
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeaturedCollection:
    """A collection; `summary` may be HTML that nobody has cleaned yet, `topic` has no hash.

    Items are whole, or addresses of what is to be read.
    """

    id: str
    author: str
    name: str
    summary: str = ""
    language: str | None = None
    url: str | None = None
    sensitive: bool = False
    discoverable: bool = False
    topic: str | None = None
    topic_url: str = ""  # of ours
    published: datetime | None = None
    updated: datetime | None = None
    items: Sequence[Item | str] = ()


@dataclass(frozen=True, slots=True)
class FeatureStamp:
    """`actor` agrees to stand in `collection`."""

    id: str
    actor: str
    collection: str


def read_collection(document: Document) -> FeaturedCollection:
    """Raises Malformed without id, author or name."""
    own_id, author = reading.uri(document.get("id")), reading.id_of(document.get("attributedTo"))
    name = (reading.string(document.get("name")) or "").strip()
    if reading.type_of(document) != TYPE or not own_id or not author or not name:
        raise Malformed("a collection needs id, attributedTo and name")
    summary, language = _summary(document)
    names = tag.read_hashtags(document.get("topic"))
    topics = [name for name in names if len(name) <= _LONGEST_TOPIC]
    return FeaturedCollection(
        id=own_id,
        author=author,
        name=name[:_LONGEST_NAME],
        summary=summary[:_LONGEST_SUMMARY],
        language=language,
        url=reading.page_of(document.get("url")),
        sensitive=reading.boolean(document.get("sensitive")),
        discoverable=reading.boolean(document.get("discoverable")),
        topic=topics[0] if topics else None,
        published=reading.time(document.get("published")),
        updated=reading.time(document.get("updated")),
        items=_items(document.get("orderedItems") or document.get("items")),
    )


def read_item(document: Document) -> Item:
    """Raises Malformed without id or actor."""
    own_id, actor = reading.uri(document.get("id")), reading.id_of(document.get("featuredObject"))
    if reading.type_of(document) != "FeaturedItem" or not own_id or not actor:
        raise Malformed("an item of a collection needs id and featuredObject")
    stamp = reading.id_of(document.get("featureAuthorization"))
    return Item(own_id, actor, stamp, reading.time(document.get("published")))


def read_stamp(document: Document) -> FeatureStamp:
    """Raises Malformed for what is no stamp, Untrusted for one that somebody else has written.

    Mastodon's names no author; where one is named it is who agrees, and no neighbour of theirs.
    """
    own_id = reading.uri(document.get("id"))
    actor = reading.id_of(document.get("interactionTarget"))
    collection = reading.id_of(document.get("interactingObject"))
    is_stamp = reading.type_of(document) == "FeatureAuthorization"
    if not is_stamp or not own_id or not actor or not collection:
        raise Malformed("not a stamp for a collection")
    if document.get("attributedTo") and reading.ids_of(document["attributedTo"]) != [actor]:
        raise Untrusted(f"{own_id} is not by {actor}")
    return FeatureStamp(own_id, actor, collection)


def build_collection(collection: FeaturedCollection) -> Document:
    """A collection of ours, whose items are all whole."""
    items = [build_item(item) for item in collection.items if isinstance(item, Item)]
    document: Document = {
        "@context": COLLECTION_CONTEXT,
        "id": collection.id,
        "type": TYPE,
        "attributedTo": collection.author,
        "name": collection.name,
        "url": collection.url,
        "sensitive": collection.sensitive,
        "discoverable": collection.discoverable,
        "published": written(collection.published) if collection.published else None,
        "updated": written(collection.updated) if collection.updated else None,
        "topic": tag.build_hashtag(collection.topic_url, collection.topic)
        if collection.topic
        else None,
        "totalItems": len(items),
        "orderedItems": [without_context(item) for item in items],
    }
    if collection.language:
        document["summaryMap"] = {collection.language: collection.summary}
    else:
        document["summary"] = collection.summary
    return document


def build_item(item: Item) -> Document:
    """Somebody in a collection of ours."""
    return {
        "@context": COLLECTION_CONTEXT,
        "id": item.id,
        "type": "FeaturedItem",
        "featuredObject": item.actor,
        "featureAuthorization": item.stamp,
        "published": written(item.published) if item.published else None,
    }


def build_stamp(stamp: FeatureStamp) -> Document:
    """A member of ours agrees to stand in a collection."""
    return {
        "@context": COLLECTION_CONTEXT,
        "id": stamp.id,
        "type": "FeatureAuthorization",
        "attributedTo": stamp.actor,
        "interactingObject": stamp.collection,
        "interactionTarget": stamp.actor,
    }


def build_request(request_id: str, owner: str, actor: str, collection: str) -> Document:
    """The owner of a collection asks somebody whether they may stand in it."""
    request = build_activity("FeatureRequest", request_id, owner, actor, [actor])
    return {**request, "@context": COLLECTION_CONTEXT, "instrument": collection}


def _items(value: Any) -> list[Item | str]:
    found: list[Item | str] = []
    for one in reading.as_list(value)[:MOST_ITEMS]:
        try:
            item = read_item(one) if isinstance(one, dict) and len(one) > 1 else reading.id_of(one)
        except Malformed:
            continue
        if item:
            found.append(item)
    return found


def _summary(document: Document) -> tuple[str, str | None]:
    """Its text and language: the first one of a map."""
    texts = document.get("summaryMap")
    if isinstance(texts, dict) and texts:
        language, text = next(iter(texts.items()))
        return reading.string(text) or "", language
    return reading.string(document.get("summary")) or "", None
