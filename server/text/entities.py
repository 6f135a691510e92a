"""Links, mentions and hashtags in what a member typed, found as Mastodon finds them.

Unlike Mastodon a link's host need not end in a public suffix: departments have names of their own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from federation.documents.tag import IN_HASHTAG

_HOST = r"\w(?:[\w.-]*\w)?"
# Every part has an end: else a text of many beginnings is read to its own end from each of them.
_FOUND = re.compile(
    rf"""
    (?<![A-Za-z0-9@＠$\#＃])(?:
        (?P<link>https?://{_HOST}(?::\d{{1,5}})?(?![\w\\@])
            (?:/[^\s<>?]{{0,4096}})?(?:\?[^\s<>]{{0,4096}})?)
        | (?P<uri>magnet:\?(?=[\w&=#/-])[^\s<>]{{1,4096}}
            | xmpp:(?://[^\s<>@/]{{1,300}}@{_HOST}/)?(?:[^\s<>@/?]{{1,300}}@)?{_HOST}
                (?:/[^\s<>?]{{1,4096}})?(?:\?[^\s<>]{{1,4096}})?)
    )
    | (?<![=/\w@])@(?P<name>[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)
        (?:@(?P<domain>\w+(?:[.-]+\w+)*(?::\d{{2,5}})?))?
        (?![@＠A-Za-z0-9_À-ÖØ-öø-ÿ]|://)
    | (?<![=/)\w\#])[\#＃](?P<tag>(?=\w)[{IN_HASHTAG}]*[^\W\d][{IN_HASHTAG}]*)
    """,
    re.VERBOSE,
)
_NOT_LAST_IN_PATH = "?!*\"'「」<>;:=,.$%[]~&|…»”’"
_LAST_IN_QUERY = re.compile(r"[A-Za-z0-9_&=#/\-]|[^\x00-\x9f]")
_NOT_IN_QUERY = re.compile(r"[\"\\`{}]")
_PARENTHESIS = re.compile(r"[()]")
_SCHEME_AT_END = re.compile(r"(?<=\w)https?\Z")  # of an address that is glued to a hashtag
_SEPARATORS = "·・\u200c"
_LONGEST_LINK = 4096
_LONGEST_DOMAIN = 253  # what is longer names nobody, and counts in full


@dataclass(frozen=True, slots=True)
class Entity:
    """A part of the text from `start` to `end`; `domain` belongs to a mention."""

    kind: Literal["link", "mention", "hashtag"]
    start: int
    end: int
    value: str
    domain: str | None = None


def find_entities(text: str) -> Iterator[Entity]:
    """All entities in order; none stands inside another."""
    position = 0
    while match := _FOUND.search(text, position):
        entity = _entity(match)
        if not entity.domain or len(entity.domain) <= _LONGEST_DOMAIN:
            yield entity
        position = max(entity.end, match.start() + 1)


def _entity(match: re.Match[str]) -> Entity:
    if link := match["link"] or match["uri"]:
        link = _trimmed(link[:_LONGEST_LINK])
        return Entity("link", match.start(), match.start() + len(link), link)
    if match["tag"] is not None:
        tag = match["tag"].rstrip(_SEPARATORS)
        if match.string.startswith("://", match.end()):
            tag = _SCHEME_AT_END.sub("", tag)
        return Entity("hashtag", match.start(), match.start() + 1 + len(tag), tag)
    domain = match["domain"].lower() if match["domain"] else None
    return Entity("mention", match.start(), match.end(), match["name"], domain)


def _trimmed(link: str) -> str:
    """Without the punctuation that closes the sentence and brackets that the link did not open."""
    path, mark, query = link.partition("?")
    whole = _balanced(path)
    if whole == path and mark:
        query = _NOT_IN_QUERY.split(query, maxsplit=1)[0]
        while query and not _LAST_IN_QUERY.fullmatch(query[-1]):
            query = query[:-1]
        if query:
            return f"{path}?{query}"
    while whole[-1] in _NOT_LAST_IN_PATH:
        whole = whole[:-1]
    return whole


def _balanced(path: str) -> str:
    """Up to the first bracket without its partner."""
    opened: list[int] = []
    for found in _PARENTHESIS.finditer(path):
        if found[0] == "(":
            opened.append(found.start())
        elif opened:
            opened.pop()
        else:
            return path[: found.start()]
    return path[: opened[0]] if opened else path
