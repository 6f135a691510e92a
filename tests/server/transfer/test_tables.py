import pytest

from server.errors import Invalid
from server.transfer.tables import plain, read_table, write_table


def test_written_as_mastodon_writes() -> None:
    rows = [["anna@a.example", True, False, ["nl", "en"]], ["-1+1@b.example", False, True, None]]
    assert write_table("following", rows).splitlines() == [
        "Account address,Show boosts,Notify on new posts,Languages",
        'anna@a.example,true,false,"nl, en"',
        "'-1+1@b.example,false,true,",
    ]
    assert write_table("blocking", [["x@y.example"]]) == "x@y.example\n"
    assert write_table("lists", [["=SUM(A1)", "x@y.example"]]) == "'=SUM(A1),x@y.example\n"


def test_what_is_written_can_be_read() -> None:
    rows = [["anna@a.example", False, True, ["nl", "en"]], ["-1+1@b.example", True, False, None]]
    read = read_table("following", write_table("following", rows).encode())
    assert [list(row.values()) for row in read] == rows


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("following", "@a@b.example\n", ["a@b.example", True, False, None]),
        (
            "following",
            "\ufeffAccount address,Show boosts\na@b.example,false\n",
            ["a@b.example", False, False, None],
        ),
        (
            "muting",
            "Hide notifications,Account address\nfalse,a@b.example\n",
            ["a@b.example", False],
        ),
        ("muting", "Account address\na@b.example\n", ["a@b.example", True]),
        ("domain_blocking", "#domain,#severity\nbad.example,suspend\n", ["bad.example"]),
        ("lists", "work,a@b.example\n", ["work", "a@b.example"]),
        (
            "following",
            "Account address;Show boosts;Languages\r\na@b.example;false;nl, en\r\n",
            ["a@b.example", False, False, ["nl", "en"]],
        ),
        ("lists", "a; b,a@b.example\n", ["a; b", "a@b.example"]),
    ],
)
def test_headers_may_be_there_or_not(kind: str, text: str, expected: list[object]) -> None:
    assert [list(row.values()) for row in read_table(kind, text.encode())] == [expected]


@pytest.mark.parametrize(
    "body",
    [b"", b"a\x00@b.example\n", b"\n\n", b"\xff\xfe\x00", b"Account address\n", b"x" * 200_000],
)
def test_what_is_no_table_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        read_table("muting", body)


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(Invalid, match="more than 20000"):
        read_table("blocking", b"a@b.example\n" * 20_001)


def test_quotes_around_a_word_stay() -> None:
    assert plain("'quoted' word") == "'quoted' word"
