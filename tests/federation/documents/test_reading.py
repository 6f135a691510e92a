import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.documents import reading
from federation.errors import Malformed, RemoteError, TooLarge

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "odd", ["http://[half/a.png", "https://a]b/", "https://\u2100.example/", "ftp://far.example/"]
)
def test_what_cannot_be_taken_apart_is_no_address(odd: str) -> None:
    assert reading.uri(odd) is None
    assert reading.picture_of({"type": "Image", "url": odd}) is None
    assert reading.uri("https://[::1]:80/a.png") is not None


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", Malformed),
        (b"[]", Malformed),
        (b"\xff\xfe{}", Malformed),
        (b'{"a": NaN}', Malformed),
        (b'{"id": "a", "id": "b"}', Malformed),
        (b'{"a":' * 40 + b"1" + b"}" * 40, TooLarge),
        (b"[" * 100_000, TooLarge),
        (b'{"a": "' + b"x" * reading.MAX_DOCUMENT_BYTES + b'"}', TooLarge),
    ],
)
def test_hostile_bytes_are_refused(body: bytes, kind: type[RemoteError]) -> None:
    with pytest.raises(kind):
        reading.parse_document(body)


def test_a_key_that_stands_twice_does_no_harm_where_it_says_nothing_of_identity() -> None:
    assert reading.parse_document(b'{"name": "a", "name": "b"}') == {"name": "b"}


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2026-11-29T21:00:00Z", 2026),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59.999999Z", None),
        ("9999-12-31T23:59:59-14:00", None),
    ],
)
def test_the_ends_of_the_calendar_are_no_times(text: str, year: int | None) -> None:
    at = reading.time(text)
    assert (at and at.year) == year


@given(JSON)
def test_readers_take_anything(value: object) -> None:
    for read in (
        reading.string,
        reading.boolean,
        reading.number,
        reading.id_of,
        reading.ids_of,
        reading.uri,
        reading.time,
        reading.type_of,
        reading.as_list,
        reading.first,
    ):
        read(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"id": "https://a.example/1"}, "https://a.example/1"),
        (["https://a.example/1", "https://a.example/2"], "https://a.example/1"),
        ({"href": "https://a.example/1", "type": "Link"}, "https://a.example/1"),
        ("javascript:alert(1)", None),
        ("https://a.example/ x", None),
        ("https://a.example/" + "x" * 3000, None),
        (7, None),
        (None, None),
    ],
)
def test_ids_in_every_shape(value: object, expected: str | None) -> None:
    assert reading.id_of(value) == expected


def test_half_an_emoji_is_no_reason_to_lose_a_text() -> None:
    half = reading.parse_document(rb'{"content": "cut \ud83d", "id": "https://a.example/\ud83d"}')
    whole = reading.parse_document(rb'{"content": "\ud83d\ude00"}')
    assert reading.content_of(half)[0].encode() == "cut \ufffd".encode()
    assert reading.content_of(whole)[0] == "\U0001f600"
    assert reading.uri(half["id"]) is None
