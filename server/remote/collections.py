"""What stands in a collection of somebody else's: its pages one after the other, within bounds."""

from collections.abc import AsyncIterator
from typing import Any

from federation.documents import collection
from federation.documents.reading import Document, id_of
from federation.origins import is_same_origin
from federation.transport.fetch import fetch_document
from server.identity.signing import instance_signer
from server.runtime import Runtime


async def items_of(
    runtime: Runtime, value: Any, origin: str, most_pages: int, most_items: int
) -> AsyncIterator[Any]:
    """The items of a collection, which comes embedded or by its id; never from another origin.

    Raises what fetching raises.
    """
    left, seen = most_items, set()
    place: Any = value
    for _ in range(most_pages):
        page = place
        if not isinstance(place, dict) or not _has_items(place):
            uri = id_of(place)
            if uri is None or uri in seen or not is_same_origin(uri, origin):
                return
            seen.add(uri)
            page = await fetch_document(
                runtime.http, uri, await instance_signer(runtime), may_lack_id=True
            )
        for item in collection.read_items(page)[:left]:
            yield item
            left -= 1
        place = _following(page)
        if place is None or left <= 0:
            return


def _has_items(document: Document) -> bool:
    return any(name in document for name in ("items", "orderedItems", "first"))


def _following(page: Document) -> Any:
    """The page after this one; of a collection its first, unless that was embedded and read."""
    first = page.get("first")
    if isinstance(first, dict) and collection.read_items(page):
        return first.get("next")
    return page.get("next") or first
