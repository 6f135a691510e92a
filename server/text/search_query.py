"""What a member types to find posts: words, "phrases", and Mastodon's operators.

https://docs.joinmastodon.org/user/search/ – `from:` `has:` `is:` `language:` `before:` `after:`
`during:` `in:`, each negated by a minus – and whole hashtags. Whatever is none of these is words.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

from federation.documents.tag import IN_HASHTAG, fold_hashtag
from server.text.language import normal_language
from server.text.words import words_of

Scope = Literal["all", "library", "public"]

PROPERTIES = frozenset(
    {"media", "image", "video", "audio", "poll", "link", "embed", "quote", "reply", "sensitive"}
)
_LONGEST = 1000
_MOST_PARTS = 40
_SCOPES: dict[str, Scope] = {"all": "all", "library": "library", "public": "public"}
_OTHER_SCOPE: dict[Scope, Scope] = {"library": "public", "public": "library"}
_PART = re.compile(
    r"""
    (?P<sign>[-+]?)
    (?: (?P<name>[A-Za-z]+):(?P<value>"[^"]+"|[^\s"]+)
      | "(?P<phrase>[^"]*)"
      | (?P<word>[^\s"]+|") )
    """,
    re.VERBOSE,
)
_TAG = re.compile(rf"[#＃]([{IN_HASHTAG}]+)")
_HANDLE = re.compile(r"@?([\w.-]+)(?:@([\w.-]+(?::\d{1,5})?))?")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_SECONDS = re.compile(r"\d{5,11}")
_YEARS = range(1970, 3000)  # ids are made of times, and hold no others


@dataclass(frozen=True, slots=True)
class Term:
    """Words in a row; with `is_prefix` the last one may go on."""

    words: tuple[str, ...]
    is_prefix: bool = False
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Author:
    """Whose posts: a name in lower case with its domain (None = ours), or "me" as `name` None."""

    name: str | None
    domain: str | None = None
    is_negated: bool = False


@dataclass(slots=True)
class StatusQuery:
    """A query, read. `marks` are (property like `is:image` or `#tag`, negated); a post
    matches from `since` until before `until`, days are those of `zone`; `is_bot` None means either.
    """

    terms: list[Term] = field(default_factory=list)
    marks: list[tuple[str, bool]] = field(default_factory=list)
    authors: list[Author] = field(default_factory=list)
    is_bot: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    scope: Scope = "all"
    has_operators: bool = False
    zone: tzinfo = UTC

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.terms and not self.has_operators


def parse_query(text: str, zone: tzinfo = UTC) -> StatusQuery:
    """Read a query of somebody in that time zone; any text is one.

    The last word, when it stands outside of quotes and no space follows, may be unfinished.
    """
    text = text[:_LONGEST].translate(str.maketrans("“”„«»", '"""""'))
    query = StatusQuery(zone=zone)
    parts = list(_PART.finditer(text))[:_MOST_PARTS]
    for part in parts:
        is_negated = part["sign"] == "-"
        if part["name"] is not None:
            reader = _READERS.get(part["name"].lower())
            if reader and reader(query, part["value"].strip('"'), is_negated):
                query.has_operators = True
                continue
            words = words_of(f"{part['name']} {part['value']}")
        elif tag := _TAG.fullmatch(part["word"] or ""):
            query.marks.append((f"#{fold_hashtag(tag[1])}", is_negated))
            query.has_operators = True
            continue
        else:
            words = words_of(part["phrase"] or part["word"] or "")
        if words:
            is_prefix = part["phrase"] is None and part.end() == len(text) and len(words[-1]) > 1
            query.terms.append(Term(tuple(words), is_prefix, is_negated))
    return query


def _read_author(query: StatusQuery, value: str, is_negated: bool) -> bool:
    if value.lower() == "me":
        query.authors.append(Author(None, None, is_negated))
        return True
    match = _HANDLE.fullmatch(value)
    if match is None:
        return False
    domain = match[2].lower() if match[2] else None
    query.authors.append(Author(match[1].lower(), domain, is_negated))
    return True


def _read_property(query: StatusQuery, value: str, is_negated: bool) -> bool:
    value = value.lower()
    if value == "bot":
        query.is_bot = not is_negated
        return True
    if value in PROPERTIES:
        query.marks.append((f"is:{value}", is_negated))
    return value in PROPERTIES


def _read_language(query: StatusQuery, value: str, is_negated: bool) -> bool:
    language = normal_language(value)
    if language:
        query.marks.append((f"language:{language.lower()}", is_negated))
    return language is not None


def _read_scope(query: StatusQuery, value: str, is_negated: bool) -> bool:
    scope = _SCOPES.get(value.lower())
    if is_negated and scope:
        scope = _OTHER_SCOPE.get(scope)
    query.scope = scope or query.scope
    return scope is not None


def _read_before(query: StatusQuery, value: str, is_negated: bool) -> bool:
    span = _span(value, query.zone)
    if span:
        _narrow(query, *((span[0], None) if is_negated else (None, span[0])))
    return span is not None


def _read_after(query: StatusQuery, value: str, is_negated: bool) -> bool:
    span = _span(value, query.zone)
    if span:
        _narrow(query, *((None, span[1]) if is_negated else (span[1], None)))
    return span is not None


def _read_during(query: StatusQuery, value: str, is_negated: bool) -> bool:
    span = None if is_negated else _span(value, query.zone)
    if span:
        _narrow(query, *span)
    return span is not None


_READERS: dict[str, Callable[[StatusQuery, str, bool], bool]] = {
    "from": _read_author,
    "has": _read_property,
    "is": _read_property,
    "language": _read_language,
    "in": _read_scope,
    "before": _read_before,
    "after": _read_after,
    "during": _read_during,
}


def _narrow(query: StatusQuery, since: datetime | None, until: datetime | None) -> None:
    if since:
        query.since = max(query.since or since, since)
    if until:
        query.until = min(query.until or until, until)


def _span(value: str, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """A day, month or year (or a second since 1970) as its beginning and end."""
    try:
        if _SECONDS.fullmatch(value):
            start = datetime.fromtimestamp(int(value), UTC)
            return (start, start + timedelta(seconds=1)) if start.year in _YEARS else None
        match = _DATE.fullmatch(value)
        if match is None or int(match[1]) not in _YEARS:
            return None
        year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
        start = datetime(year, month, day, tzinfo=zone)
        if match[3]:
            return start, start + timedelta(days=1)
        if match[2]:
            return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
        return start, datetime(year + 1, 1, 1, tzinfo=zone)
    except ValueError:
        return None
