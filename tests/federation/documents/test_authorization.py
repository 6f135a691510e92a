import pytest

from federation.documents.authorization import Stamp, build_request, build_stamp, read_stamp
from federation.errors import Malformed

STAMP = Stamp(
    "https://a.example/s/1",
    "quote",
    "https://a.example/u",
    "https://b.example/2",
    "https://a.example/1",
)


def test_a_stamp_is_read_as_it_was_built() -> None:
    document = build_stamp(STAMP)
    assert document["type"] == "QuoteAuthorization"
    assert read_stamp(document) == STAMP


def test_a_stamp_of_former_times() -> None:
    former = {
        "type": "ReplyApproval",
        "id": STAMP.id,
        "attributedTo": STAMP.author,
        "object": STAMP.interacting,
        "target": STAMP.target,
    }
    assert read_stamp(former).kind == "reply"


@pytest.mark.parametrize("missing", ["type", "id", "attributedTo", "interactingObject"])
def test_what_is_no_stamp(missing: str) -> None:
    document = build_stamp(STAMP)
    del document[missing]
    with pytest.raises(Malformed):
        read_stamp(document)


def test_a_request_embeds_the_post_without_its_context() -> None:
    note = {"@context": "x", "id": "https://b.example/2"}
    request = build_request(
        "quote", "https://b.example/r", "https://b.example/u", STAMP.id, note, STAMP.author
    )
    assert (request["type"], request["instrument"]) == ("QuoteRequest", {"id": note["id"]})
