from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.text.search_query import PROPERTIES, Author, StatusQuery, Term, parse_query


def test_words_phrases_and_what_is_not_wanted() -> None:
    query = parse_query('Soup "to day" -“Cold soup” -ice and/or cre')
    assert query.terms == [
        Term(("soup",)),
        Term(("to", "day")),
        Term(("cold", "soup"), is_negated=True),
        Term(("ice",), is_negated=True),
        Term(("and", "or")),
        Term(("cre",), is_prefix=True),
    ]
    assert not query.has_operators


@pytest.mark.parametrize("text", ["soup ", '"soup"', "s"])
def test_what_is_finished_is_no_beginning(text: str) -> None:
    assert [term.is_prefix for term in parse_query(text).terms] == [False]


def test_authors() -> None:
    query = parse_query("from:me -from:@Ben from:carla@Far.example:3000 from:ME")
    assert query.authors == [
        Author(None),
        Author("ben", None, is_negated=True),
        Author("carla", "far.example:3000"),
        Author(None),
    ]


def test_properties_languages_and_scopes() -> None:
    query = parse_query("has:image -is:reply Has:SENSITIVE language:NL -language:pt_BR in:library")
    assert query.marks == [
        ("is:image", False),
        ("is:reply", True),
        ("is:sensitive", False),
        ("language:nl", False),
        ("language:pt-br", True),
    ]
    assert query.scope == "library"
    assert parse_query("-in:library").scope == "public"
    assert (parse_query("is:bot").is_bot, parse_query("-is:bot").is_bot) == (True, False)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("before:2026-03-01", None, (2026, 3, 1)),
        ("after:2026-03-01", (2026, 3, 2), None),
        ("during:2026-02-28", (2026, 2, 28), (2026, 3, 1)),
        ("during:2026-12", (2026, 12, 1), (2027, 1, 1)),
        ("during:2026", (2026, 1, 1), (2027, 1, 1)),
        ("-before:2026-03-01", (2026, 3, 1), None),
        ("-after:2026-03-01", None, (2026, 3, 2)),
        ("after:2026-01-01 after:2026-02-01 before:2027", (2026, 2, 2), (2027, 1, 1)),
        ("after:2026-01-01 during:2025", (2026, 1, 2), (2026, 1, 1)),
        ('before:"2026-03-01"', None, (2026, 3, 1)),
    ],
)
def test_times(
    text: str, since: tuple[int, int, int] | None, until: tuple[int, int, int] | None
) -> None:
    query = parse_query(text)
    assert query.since == (datetime(*since, tzinfo=UTC) if since else None)
    assert query.until == (datetime(*until, tzinfo=UTC) if until else None)


def test_whole_hashtags() -> None:
    query = parse_query('#Wadden -#été wad#den #a#b "#c" #')
    assert query.marks == [("#wadden", False), ("#ete", True)]
    assert [term.words for term in query.terms] == [("wad", "den"), ("a", "b"), ("c",)]


def test_days_are_those_of_who_asks() -> None:
    query = parse_query("during:2026-03-29", ZoneInfo("Europe/Amsterdam"))  # has 23 hours there
    assert query.since == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert query.until == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_seconds_since_1970() -> None:
    assert parse_query("before:1700000000").until == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "foo:bar",
        "has:foo",
        "is:nothing",
        "from:a@b@c",
        "before:tomorrow",
        "before:2026-13-01",
        "during:9999",
        "after:0001-01-01",
        "-during:2026",
        "in:space",
        "-in:all",
        "language:!",
        "during:99999999999",
    ],
)
def test_what_is_no_operator_is_words(text: str) -> None:
    query = parse_query(text)
    assert not query.has_operators
    assert query.terms or text == "language:!"
    assert (query.marks, query.authors, query.since, query.scope) == ([], [], None, "all")


@pytest.mark.parametrize("text", ["", " ", '"', '""', "-", "--", '-""', "...", "+"])
def test_nothing_to_look_for(text: str) -> None:
    assert parse_query(text).is_empty


_PIECES = st.sampled_from(
    ['"', "-", "+", ":", " ", "@", "from", "me", "has", "image", "before", "2026", "-01", "in", "é"]
)


@given(st.one_of(st.text(), st.lists(_PIECES).map("".join)))
def test_any_text_can_be_read(text: str) -> None:
    query = parse_query(text)
    assert len(query.terms) + len(query.marks) + len(query.authors) <= 40
    assert all(term.words and all(term.words) for term in query.terms)
    assert {mark for mark, _ in query.marks if mark[:3] == "is:"} <= {f"is:{p}" for p in PROPERTIES}
    assert sum(term.is_prefix for term in query.terms) <= 1


@given(st.text())
def test_quoted_text_holds_no_operators(text: str) -> None:
    plain = "".join(c for c in text[:900] if c not in '"“”„«»')
    assert not parse_query(f'"{plain}"').has_operators


def test_an_empty_query_is_everything_unsaid() -> None:
    assert parse_query("") == StatusQuery()
