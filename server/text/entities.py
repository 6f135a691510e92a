"""Links, mentions and hashtags in what a member typed, found as Mastodon finds them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_FOUND = re.compile(
    r"""
    (?P<link>(?<![\w@/])https?://[^\s<>"'`]+)
    | (?<![=/\w@])@(?P<name>\w(?:[\w.-]*\w)?)(?:@(?P<domain>[\w-]+(?:\.[\w-]+)*(?::\d{2,5})?))?
    | (?<![=/)\w\#])\#(?P<tag>[\w·]*[^\W\d][\w·]*)
    """,
    re.VERBOSE,
)
_CLOSING = ".,;:!?'\"…»"
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_LONGEST_LINK = 4096


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
        yield entity
        position = max(entity.end, match.start() + 1)


def _entity(match: re.Match[str]) -> Entity:
    if match["link"] is not None:
        link = _trimmed(match["link"][:_LONGEST_LINK])
        return Entity("link", match.start(), match.start() + len(link), link)
    if match["tag"] is not None:
        return Entity("hashtag", match.start(), match.end(), match["tag"])
    domain = match["domain"].lower() if match["domain"] else None
    return Entity("mention", match.start(), match.end(), match["name"], domain)


def _trimmed(link: str) -> str:
    """Without the punctuation that closes the sentence and brackets that the link did not open."""
    while link:
        last = link[-1]
        opening = _BRACKETS.get(last)
        is_unmatched = opening is not None and link.count(last) > link.count(opening)
        if last not in _CLOSING and not is_unmatched:
            break
        link = link[:-1]
    return link
