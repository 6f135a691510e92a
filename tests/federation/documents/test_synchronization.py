import pytest

from federation.documents import synchronization
from federation.documents.synchronization import Synchronization
from federation.errors import Malformed

TOLD = Synchronization("https://a.example/u/followers", "https://a.example/u/part", "ab" * 32)


def test_the_digest_of_the_specification() -> None:
    people = ["https://testing.example.org/users/1", "https://testing.example.org/users/2"]
    expected = "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f"
    assert synchronization.digest_of(people) == expected
    assert synchronization.digest_of([]) == "0" * 64


def test_a_header_is_read_as_it_was_built() -> None:
    assert synchronization.read_header(synchronization.build_header(TOLD)) == TOLD


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "x",
        'collectionId="https://a.example/f"',
        'collectionId="a",url="b",digest="c"',
        synchronization.build_header(TOLD)[:-3],
    ],
)
def test_odd_headers_are_refused(odd: str) -> None:
    with pytest.raises(Malformed):
        synchronization.read_header(odd)


@pytest.mark.parametrize(
    "odd",
    [{}, {"first": "https://a.example/1"}, {"orderedItems": [], "next": "https://a.example/2"}],
)
def test_a_part_in_pages_is_refused(odd: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        synchronization.read_part(odd)
