"""Consent to stand in a collection, as others write it (FEP-7aa9)."""

from typing import Any

import pytest

from federation.documents.featured import FeatureStamp, read_collection, read_stamp
from federation.errors import Malformed, Untrusted

BOB, EVE = "https://far.example/users/bob", "https://far.example/users/eve"
STAMP = "https://far.example/stamps/1"
LIST = "https://other.example/collections/1"


def stamp(**more: Any) -> dict[str, Any]:
    return {
        "id": STAMP,
        "type": "FeatureAuthorization",
        "interactingObject": LIST,
        "interactionTarget": BOB,
        **more,
    }


@pytest.mark.parametrize("author", [{}, {"attributedTo": BOB}, {"attributedTo": [{"id": BOB}]}])
def test_a_stamp(author: dict[str, Any]) -> None:
    assert read_stamp(stamp(**author)) == FeatureStamp(STAMP, BOB, LIST)


@pytest.mark.parametrize("author", [EVE, [BOB, EVE], {"type": "Person"}])
def test_a_neighbour_agrees_to_nothing_in_anothers_name(author: Any) -> None:
    with pytest.raises(Untrusted):
        read_stamp(stamp(attributedTo=author))


@pytest.mark.parametrize("part", ["id", "type", "interactingObject", "interactionTarget"])
def test_what_is_no_stamp(part: str) -> None:
    with pytest.raises(Malformed):
        read_stamp(stamp(**{part: None}))


def test_a_collection_is_read_within_bounds() -> None:
    owner = "https://far.example/bob"
    document = {
        "id": f"{owner}/1",
        "type": "FeaturedCollection",
        "attributedTo": owner,
        "name": "n" * 1000,
        "summaryMap": {"nl": "s" * 10_000},
        "topic": {"type": "Hashtag", "name": f"#{'t' * 1000}"},
        "orderedItems": [f"{owner}/items/{number}" for number in range(1000)],
    }
    found = read_collection(document)
    sizes = [len(found.name), len(found.summary), len(found.items)]
    assert (sizes, found.language, found.topic) == ([256, 2048, 150], "nl", None)
