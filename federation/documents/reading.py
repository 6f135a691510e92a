"""From hostile bytes to plain JSON values, and from those to single typed ones.

JSON-LD is read as plain JSON with the usual prefixes taken off; no context is ever fetched. What
can be one value or many, embedded or referenced, is read in every shape.
"""

import json
import re
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from federation.documents.plain import html_of
from federation.errors import Malformed, TooLarge

MAX_DOCUMENT_BYTES = 1024 * 1024
_MAX_DEPTH = 32
MAX_ITEMS = 2000
_MAX_URI_LENGTH = 2048
# Two readers of a key that stands twice could see two documents; elsewhere it does no harm.
_IDENTITY = ("id", "type", "actor", "attributedTo", "object", "to", "cc", "owner", "publicKey")
_PLAIN = {"text/plain", "text/markdown"}
_HALF = re.compile("[\ud800-\udfff]")
_TAG = re.compile(r"</[a-z]|<br", re.IGNORECASE)

Document = dict[str, Any]


def parse_document(body: bytes) -> Document:
    """A JSON object out of bytes. Raises Malformed, TooLarge.

    Refused: keys of identity that stand twice, NaN, what is nested deeper than 32, what is no
    object.
    """
    if len(body) > MAX_DOCUMENT_BYTES:
        raise TooLarge("the document has too many bytes")
    if body.count(b"[") + body.count(b"{") > 50_000:
        raise TooLarge("the document has too many parts")
    try:
        document = json.loads(body, object_pairs_hook=_unique, parse_constant=_refuse)
    except RecursionError as error:
        raise TooLarge("the document is nested too deeply") from error
    except ValueError as error:
        raise Malformed(f"not JSON: {error}") from error
    if not isinstance(document, dict):
        raise Malformed("the document is no object")
    _check_depth(document)
    return document


def parse_strict(body: bytes) -> Document:
    """The same for what is proven by a signature inside of it: no key at all may stand twice."""
    document = parse_document(body)
    json.loads(body, object_pairs_hook=_all_unique)
    return document


def _all_unique(pairs: list[tuple[str, Any]]) -> Document:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise Malformed("a key stands twice")
    return document


def _unique(pairs: list[tuple[str, Any]]) -> Document:
    document = dict(pairs)
    if len(document) != len(pairs):
        names = [name for name, _ in pairs]
        if any(names.count(name) > 1 for name in _IDENTITY):
            raise Malformed("a key that says who or what stands twice")
    return document


def _refuse(constant: str) -> Any:
    raise Malformed(f"{constant} is no JSON")


def _check_depth(document: Document) -> None:
    level: list[Any] = [document]
    for _ in range(_MAX_DEPTH):
        level = [inner for value in level for inner in _inner(value)]
        if not level:
            return
    raise TooLarge("the document is nested too deeply")


def _inner(value: Any) -> Iterator[Any]:
    values = value.values() if isinstance(value, dict) else value
    return (inner for inner in values if isinstance(inner, dict | list))


def as_list(value: Any) -> list[Any]:
    """One or many as many, at most 2000; null is none."""
    if value is None:
        return []
    return value[:MAX_ITEMS] if isinstance(value, list) else [value]


def first(value: Any) -> Any:
    """The one value, or the first of many."""
    values = as_list(value)
    return values[0] if values else None


def string(value: Any) -> str | None:
    """A text without NUL, None for anything else; of many the first.

    Who cuts texts in JavaScript leaves halves of emoji, which no database takes: they become
    U+FFFD.
    """
    value = first(value)
    return _HALF.sub("\ufffd", value.replace("\x00", "")) if isinstance(value, str) else None


def content_of(document: Document) -> tuple[str, str | None]:
    """Content (HTML) and language: of several languages the one that `content` repeats."""
    content = string(document.get("content"))
    texts = _languages(document.get("contentMap"))
    matching = [key for key, text in texts.items() if content is None or text == content]
    language = next(iter([*matching, *texts]), None)
    text = texts.get(language or "", "") if content is None else content
    if media_type(document) in _PLAIN and not _TAG.search(text):
        text = html_of(text)
    return text, language or _language(document)


def _language(document: Document) -> str | None:
    """That of the title or the abstract, or as Lemmy and PeerTube name it."""
    for name in ("contentMap", "nameMap", "summaryMap"):
        if isinstance(found := first(document.get(name)), dict) and found:
            return str(next(iter(found)))
    named = first(document.get("language"))
    return string(named.get("identifier")) if isinstance(named, dict) else None


def text_of(document: Document, name: str) -> str | None:
    """A property like `name` or `summary`; where it is missing the first language of its map."""
    return string(document.get(name)) or next(
        iter(_languages(document.get(f"{name}Map")).values()), None
    )


def _languages(value: Any) -> dict[str, str]:
    languages = first(value)
    pairs = languages.items() if isinstance(languages, dict) else ()
    return {key: text for key, each in pairs if (text := string(each)) is not None}


def boolean(value: Any) -> bool:
    """True only for true."""
    return first(value) is True


def number(value: Any) -> float | None:
    """A finite number, None for anything else."""
    value = first(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) < 2**53 else None


def type_of(document: Any) -> str:
    """The first of an object's types, without prefix; empty when it has none."""
    name = string(document.get("type")) if isinstance(document, dict) else None
    return (name or "").removeprefix("as:").rpartition("#")[2]


def picture_of(value: Any) -> str | None:
    """The address of an Image or a Link, or what is an address already; of many the first's."""
    value = first(value)
    if isinstance(value, dict):
        value = value.get("url") or value.get("href")
    return id_of(value)


def id_of(value: Any) -> str | None:
    """The id of something referenced or embedded (or the href of a Link); None if unusable."""
    value = first(value)
    if isinstance(value, dict):
        value = value.get("id") or value.get("href")
    return uri(value)


def ids_of(value: Any) -> list[str]:
    """The ids of all that stand in a property, in order, each once."""
    return list(dict.fromkeys(i for v in as_list(value) if (i := id_of(v)) is not None))


def media_type(value: Document) -> str:
    """The media type of a thing or a Link, in lower case; `mimeType` is its name of before 2019."""
    return (string(value.get("mediaType")) or string(value.get("mimeType")) or "").lower()


def page_of(value: Any) -> str | None:
    """The page for people among the links of a `url`, else the first of them."""
    links = [v for v in as_list(value) if isinstance(v, dict)]
    return id_of([v for v in links if media_type(v) == "text/html"] or value)


def uri(value: Any) -> str | None:
    """An http(s) address of sane length and no odd characters, None for anything else."""
    text = string(value)
    if not text or len(text) > _MAX_URI_LENGTH or not text.startswith(("http://", "https://")):
        return None
    if not text.isprintable() or {" ", "\ufffd"} & set(text):
        return None
    try:
        urlsplit(text)  # half an IPv6 address is none, wherever else it would be taken apart
    except ValueError:
        return None
    return text


def time(value: Any) -> datetime | None:
    """An RFC 3339 time as aware UTC, None for anything else: also for the first and the last year
    of the calendar, by which programs mean no time (Go) or never.
    """
    text = string(value)
    if not text or len(text) > 40:
        return None
    try:
        parsed = datetime.fromisoformat(text)
        at = (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if MINYEAR < at.year < MAXYEAR else None
