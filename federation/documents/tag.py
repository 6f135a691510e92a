"""Mentions, hashtags and custom emoji of a document."""

from dataclasses import dataclass
from typing import Any

from federation.documents import reading
from federation.documents.reading import Document

_MOST = 100


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named: the id of the actor and the handle as written."""

    href: str
    name: str


@dataclass(frozen=True, slots=True)
class Emoji:
    """A custom emoji: `shortcode` without colons, address of its picture."""

    shortcode: str
    url: str


def read_mentions(value: Any) -> list[Mention]:
    """All mentions with a usable href."""
    return [
        Mention(href, reading.string(tag.get("name")) or "")
        for tag in _of_type(value, "Mention")
        if (href := reading.uri(tag.get("href")))
    ]


def read_hashtags(value: Any) -> list[str]:
    """Names without the hash."""
    names = [reading.string(tag.get("name")) or "" for tag in _of_type(value, "Hashtag")]
    return list(dict.fromkeys(name.lstrip("#") for name in names if name.lstrip("#")))


def read_emoji(value: Any) -> list[Emoji]:
    """All custom emoji with a name and a picture."""
    return [
        Emoji(name.strip(":"), url)
        for tag in _of_type(value, "Emoji")
        if (name := reading.string(tag.get("name")))
        and (icon := reading.first(tag.get("icon")))
        and (url := reading.uri(icon.get("url") if isinstance(icon, dict) else icon))
    ]


def build_mention(href: str, name: str) -> Document:
    """A Mention; `name` like @ben@chat.example.org."""
    return {"type": "Mention", "href": href, "name": name}


def build_hashtag(href: str, name: str) -> Document:
    """A Hashtag; `name` without the hash."""
    return {"type": "Hashtag", "href": href, "name": f"#{name}"}


def _of_type(value: Any, kind: str) -> list[Document]:
    tags = [tag for tag in reading.as_list(value) if reading.type_of(tag) == kind]
    return tags[:_MOST]
