"""Collections: ours built, others' items read."""

from collections.abc import Sequence
from typing import Any

from federation.documents import reading
from federation.documents.context import ACTIVITY_CONTEXT
from federation.documents.reading import Document


def build_collection(uri: str, total: int, first: str | None) -> Document:
    """An OrderedCollection that says how many and, unless that is nobody's business, where."""
    document = {
        "@context": ACTIVITY_CONTEXT,
        "id": uri,
        "type": "OrderedCollection",
        "totalItems": total,
    }
    return {**document, "first": first} if first else document


def build_page(
    uri: str, part_of: str, items: Sequence[Any], following: str | None, total: int | None = None
) -> Document:
    """One page of a collection; `following` is the address of the next."""
    document: Document = {
        "@context": ACTIVITY_CONTEXT,
        "id": uri,
        "type": "OrderedCollectionPage",
        "partOf": part_of,
        "orderedItems": list(items),
    }
    if total is not None:
        document["totalItems"] = total
    return {**document, "next": following} if following else document


def build_replies(uri: str, items: Sequence[str], following: str) -> Document:
    """The answers of a post as they stand in it: the author's own on a first page, as in Mastodon.

    Some servers read no collection that comes without its first page; `following` is the address
    of the page with everybody's.
    """
    first = {
        "type": "CollectionPage",
        "next": following,
        "partOf": uri,
        "items": list(items),
    }
    return {"id": uri, "type": "Collection", "first": first}


def build_count(uri: str, total: int) -> Document:
    """A collection of which nobody is told more than how many it has."""
    return {"id": uri, "type": "Collection", "totalItems": total}


def read_items(document: Document) -> list[Any]:
    """The items that stand in a collection, a page, or a collection's embedded first page."""
    items = document.get("orderedItems") or document.get("items")
    if items is None and isinstance(document.get("first"), dict):
        return read_items(document["first"])
    return reading.as_list(items)


def next_page(document: Document) -> str | None:
    """Address of the page after this one, or of a collection's first."""
    return reading.id_of(document.get("next")) or reading.id_of(document.get("first"))
