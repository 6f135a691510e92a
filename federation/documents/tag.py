"""Mentions, hashtags and custom emoji of a document."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from federation.documents import reading
from federation.documents.reading import Document

_MOST = 100
_MOST_COLLECTIONS = 10
_BEYOND = 0x11A00  # behind the scripts that are written with signs
# Signs that belong to the letter before them, as vowels of Hindi do: `\w` knows none of them.
_SIGNS = [
    chr(code)
    for code in range(0x300, _BEYOND)
    if unicodedata.category(chr(code)) in {"Mn", "Mc"} and not 0xFE00 <= code <= 0xFE0F
]
IN_HASHTAG = rf"\w·・\u200c{''.join(_SIGNS)}"  # of a class of characters
# As Mastodon: what cannot stand in a hashtag is left out of it.
_NOT_IN_HASHTAG = re.compile(rf"[^{IN_HASHTAG}]")
_MORE_THAN_DIGITS = re.compile(r"[^\W\d]")
# Latin letters with accents and the like, by the letter that is typed without them.
_BARE = {
    code: unicodedata.normalize("NFKD", chr(code))[0]
    for code in range(0xC0, 0x180)
    if unicodedata.normalize("NFKD", chr(code))[0].isascii()
} | str.maketrans("ðđħıĸłŋøŧ", "ddhiklnot")
# Signs that join letters or dot them, which Mastodon leaves out of a name.
_BARE |= {ord(sign): "" for sign in _SIGNS if unicodedata.combining(sign) in {7, 9}}
_BARE.pop(0xE3A)  # but for this one of Thai
_SHORTCODE = re.compile(r"[A-Za-z0-9_.+-]{1,128}")


def fold_hashtag(name: str) -> str:
    """The name under which all ways to write a hashtag are one, as Mastodon has it: letters of one
    width and case, those of Latin without accents, those of India without the signs that join them.
    """
    return unicodedata.normalize("NFKC", name).lower().translate(_BARE)


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named: the id of the actor and the handle as written."""

    href: str
    name: str


@dataclass(frozen=True, slots=True)
class Emoji:
    """A custom emoji: `shortcode` without colons, address of its picture.

    `id` and `media_type` belong to those that we tell of.
    """

    shortcode: str
    url: str
    id: str = ""
    media_type: str = ""


def read_mentions(value: Any) -> list[Mention]:
    """All mentions with a usable href."""
    return [
        Mention(href, reading.string(tag.get("name")) or "")
        for tag in _of_type(value, "Mention")
        if (href := reading.uri(tag.get("href")))
    ]


def read_hashtags(value: Any) -> list[str]:
    """Names without the hash; a number alone (#1234) is no hashtag."""
    names = [reading.string(tag.get("name")) or "" for tag in _of_type(value, "Hashtag")]
    cleaned = (_NOT_IN_HASHTAG.sub("", name) for name in names)
    return list(dict.fromkeys(filter(_is_hashtag, cleaned)))


def _is_hashtag(name: str) -> bool:
    return bool(_MORE_THAN_DIGITS.search(name) and name.strip("_·・"))


def read_emoji(value: Any) -> list[Emoji]:
    """All custom emoji with a name that can stand between colons and a picture, each once."""
    found = [
        Emoji(name, url)
        for tag in _of_type(value, "Emoji")
        if (name := (reading.string(tag.get("name")) or "").strip(":"))
        and _SHORTCODE.fullmatch(name)
        and (url := reading.picture_of(tag.get("icon")))
    ]
    return list({emoji.shortcode: emoji for emoji in found}.values())


def read_collections(value: Any) -> list[str]:
    """Ids of the collections of accounts to which a post links (FEP-7aa9)."""
    return reading.ids_of(_of_type(value, "FeaturedCollection"))[:_MOST_COLLECTIONS]


def build_collection(uri: str, name: str) -> Document:
    """A collection to which a post links."""
    return {"type": "FeaturedCollection", "id": uri, "name": name}


def build_mention(href: str, name: str) -> Document:
    """A Mention; `name` like @ben@chat.example.org."""
    return {"type": "Mention", "href": href, "name": name}


def build_hashtag(href: str, name: str) -> Document:
    """A Hashtag; `name` without the hash."""
    return {"type": "Hashtag", "href": href, "name": f"#{name}"}


def build_emoji(emoji: Emoji) -> Document:
    """An Emoji as Mastodon sends it."""
    return {
        "id": emoji.id,
        "type": "Emoji",
        "name": f":{emoji.shortcode}:",
        "icon": {"type": "Image", "mediaType": emoji.media_type, "url": emoji.url},
    }


def _of_type(value: Any, kind: str) -> list[Document]:
    tags = [tag for tag in reading.as_list(value) if reading.type_of(tag) == kind]
    return tags[:_MOST]
