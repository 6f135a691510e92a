"""Followers synchronisation (FEP-8fcf): two servers see whether they agree on who follows whom.

https://codeberg.org/fediverse/fep/src/branch/main/fep/8fcf/fep-8fcf.md
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from federation.documents import reading
from federation.documents.reading import Document
from federation.errors import Malformed

HEADER = "Collection-Synchronization"
_PARAMETER = re.compile(r'\s*([a-zA-Z]+)="([^"]*)"\s*(?:,|$)')
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LONGEST_HEADER = 8192


@dataclass(frozen=True, slots=True)
class Synchronization:
    """Which collection is meant, where the receiver's part of it stands, and that part's digest."""

    collection: str
    url: str
    digest: str


def digest_of(ids: Iterable[str]) -> str:
    """SHA-256 of each id, all of them combined by XOR, in hexadecimal."""
    combined = 0
    for one in set(ids):
        combined ^= int.from_bytes(hashlib.sha256(one.encode()).digest(), "big")
    return f"{combined:064x}"


def build_header(synchronization: Synchronization) -> str:
    """The header's value."""
    return (
        f'collectionId="{synchronization.collection}",url="{synchronization.url}",'
        f'digest="{synchronization.digest}"'
    )


def read_header(value: str) -> Synchronization:
    """Raises Malformed."""
    found = dict(_PARAMETER.findall(value[:_LONGEST_HEADER]))
    collection, url = reading.uri(found.get("collectionId")), reading.uri(found.get("url"))
    digest = found.get("digest", "").lower()
    if not collection or not url or not _DIGEST.fullmatch(digest):
        raise Malformed(f"not a {HEADER}")
    return Synchronization(collection, url, digest)


def read_part(document: Document) -> list[str]:
    """The ids of a receiver's part. Raises Malformed for one in pages: half of it would end the
    follows of the other half.
    """
    items = document.get("orderedItems", document.get("items"))
    if not isinstance(items, list) or {"first", "next"} & document.keys():
        raise Malformed("not a whole collection")
    if len(items) > reading.MAX_ITEMS:
        raise Malformed("the collection is too long")
    return reading.ids_of(items)
