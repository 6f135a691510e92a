"""What an HTML page says of itself: OpenGraph, Twitter's cards, JSON-LD, title and links."""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from server.text.language import normal_language
from server.text.markup import Tag, find_tags
from server.text.sanitize import clean_line

_LONGEST_TITLE = 500
_LONGEST_DESCRIPTION = 2000
_LONGEST_NAME = 200
_LONGEST_URL = 2000
_LARGEST_SIDE = 8192
_MOST_SCRIPTS = 5
_ARTICLES = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|WebPage|VideoObject)$")
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,40})""", re.IGNORECASE
)
# How scripts hide from readers of XML that they hold JSON. Spaces that meet have an end: how a long
# line of them could be shared out would take hours to try.
_CDATA = re.compile(
    r"^[ \t]{0,99}(?://|/\*)?[ \t]{0,9}(?:<!\[CDATA\[|\]\]>)[ \t]{0,9}(?:\*/)?[ \t]*$", re.MULTILINE
)
# Only encodings of text that browsers know too; Python knows stranger ones.
_KNOWN_CHARSET = re.compile(
    r"utf-?(?:8|16(?:-?[lb]e)?)|us-ascii|iso-?8859-?\d{1,2}|latin-?1|windows-?125\d|cp125\d|koi8-[ru]"
    r"|shift[-_]?jis|sjis|euc-(?:jp|kr)|iso-2022-jp|gb2312|gbk|gb18030|big5"
)


@dataclass(frozen=True, slots=True)
class PageDetails:
    """Texts in one line, no HTML; addresses absolute, http(s), or empty."""

    title: str
    description: str
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    image_url: str
    image_description: str
    frame_url: str  # https alone: it is to stand in an iframe
    width: int
    height: int
    published_at: datetime | None
    language: str | None
    creator: str  # fediverse:creator, as it stands there
    oembed_url: str
    canonical_url: str  # of the same host


def decode_page(body: bytes, content_type: str) -> str:
    """A page's text by the charset of its header, its mark, its own words, or the likeliest."""
    for name in _charsets(body, content_type):
        if name and _KNOWN_CHARSET.fullmatch(name):
            try:
                codec = codecs.lookup(name).name
            except LookupError:
                continue
            # As browsers do: whoever says Latin-1 means Windows' superset of it.
            return body.decode("cp1252" if codec in {"iso8859-1", "ascii"} else codec, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        # A page that was cut may end within a character; one with others before it is UTF-8.
        is_cut = error.start > len(body) - 4 and not body[: error.start].isascii()
        return body.decode("utf-8" if is_cut else "cp1252", "replace")


def read_page(html: str, url: str) -> PageDetails:
    """What the page at `url` says; everything is bounded, nothing is believed to be safe HTML."""
    tags = find_tags(html, ("html", "meta", "link", "title", "script"))
    meta = _Meta(tags)
    article = _article(tags)
    title = next((tag.text for tag in tags if tag.name == "title"), "")
    player = meta.get("twitter:player")
    author = _first_dict(article.get("author"))
    publisher = _first_dict(article.get("publisher"))
    site = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}/"
    return PageDetails(
        title=_line(
            _string(article.get("headline")) or meta.get("og:title", "twitter:title") or title,
            _LONGEST_TITLE,
        ),
        description=_line(
            meta.get("og:description", "twitter:description", "description")
            or _string(article.get("description")),
            _LONGEST_DESCRIPTION,
        ),
        author_name=_line(
            _names(author.get("name"))
            or meta.get("og:author", "og:author:username", "article:author:name", "author"),
            _LONGEST_NAME,
        ),
        author_url=_address(url, _string(author.get("url")) or _web(meta.get("article:author"))),
        provider_name=_line(
            _string(publisher.get("name")) or meta.get("og:site_name"), _LONGEST_NAME
        ),
        provider_url=site if publisher or meta.get("og:site_name") else "",
        image_url=_address(url, meta.get("og:image", "og:image:url", "twitter:image")),
        image_description=_line(
            meta.get("og:image:alt", "twitter:image:alt"), _LONGEST_DESCRIPTION
        ),
        frame_url=secure_address(url, player),
        width=size(meta.get("twitter:player:width")) if player else 0,
        height=size(meta.get("twitter:player:height")) if player else 0,
        published_at=read_time(
            _string(article.get("datePublished")) or meta.get("article:published_time")
        ),
        language=normal_language(_language(article, meta, tags)),
        creator=meta.get("fediverse:creator")[:_LONGEST_NAME],
        oembed_url=_oembed(url, tags),
        canonical_url=_canonical(url, meta, tags),
    )


def find_frame(html: str) -> Tag | None:
    """The first iframe of somebody's HTML."""
    return next(iter(find_tags(html[:20_000], ("iframe",))), None)


def names_me(html: str, addresses: set[str]) -> bool:
    """Whether a page says of one of these addresses that it is the same person (rel="me")."""
    wanted = {address.casefold() for address in addresses}
    return any(
        "me" in tag.words("rel") and tag.get("href").casefold() in wanted
        for tag in find_tags(html, ("a", "link"))
    )


def read_time(text: str) -> datetime | None:
    """An ISO 8601 time as aware UTC, None for anything else."""
    try:
        at = datetime.fromisoformat(text.strip()[:40])
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def size(value: object) -> int:
    """A side in pixels within bounds, 0 for anything else."""
    text = str(value).strip().removesuffix("px")
    digits = text.partition(".")[0]
    if not (digits.isascii() and digits.isdigit() and len(digits) < 6):
        return 0
    return int(digits) if int(digits) <= _LARGEST_SIDE else 0


def secure_address(page_url: str, address: str) -> str:
    """An absolute https address, else empty."""
    absolute = _address(page_url, address)
    return absolute if absolute.startswith("https://") else ""


def clean_text(value: object, longest: int = _LONGEST_NAME) -> str:
    """Somebody's text in one line; empty for anything but text."""
    return _line(value, longest) if isinstance(value, str) else ""


class _Meta:
    """The first content of each name or property."""

    def __init__(self, tags: list[Tag]) -> None:
        self._contents: dict[str, str] = {}
        for tag in tags:
            content = tag.get("content")
            if tag.name == "meta" and content:
                for name in tag.words("property") | {tag.get("name").lower()}:
                    self._contents.setdefault(name, content)

    def get(self, *names: str) -> str:
        """The content of the first of the names that has one."""
        return next((self._contents[name] for name in names if name in self._contents), "")


def _charsets(body: bytes, content_type: str) -> Iterator[str]:
    yield content_type.partition("charset=")[2].partition(";")[0].strip(" \"'").lower()
    if body.startswith(b"\xef\xbb\xbf"):
        yield "utf-8"
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
    found = _CHARSET.search(body[:4096])
    # A page whose beginning can be read as ASCII is not in UTF-16, whatever it says.
    yield found[1].decode("ascii", "replace").lower().replace("utf-16", "utf-8") if found else ""


def _article(tags: list[Tag]) -> dict[str, Any]:
    """The first description of an article in JSON-LD."""
    scripts = [t for t in tags if t.name == "script" and t.get("type") == "application/ld+json"]
    for script in scripts[:_MOST_SCRIPTS]:
        try:
            document = json.loads(_CDATA.sub("", script.text))
        except (ValueError, RecursionError):
            continue
        found = document if isinstance(document, list) else [document]
        for one in found[:20]:
            graph = one.get("@graph") if isinstance(one, dict) else None
            for thing in (graph if isinstance(graph, list) else [one])[:20]:
                if isinstance(thing, dict) and _is_article(thing.get("@type")):
                    return thing
    return {}


def _is_article(kinds: Any) -> bool:
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and _ARTICLES.match(name[:60]) for name in names[:10])


def _language(article: dict[str, Any], meta: "_Meta", tags: list[Tag]) -> str:
    given = _first(article.get("inLanguage"))
    if isinstance(given, dict):
        given = given.get("alternateName") or given.get("name")
    named = _string(given) or meta.get("og:locale")
    said = named or next((tag.get("lang") for tag in tags if tag.name == "html"), "")
    return said[:20].replace("_", "-")


def _first(value: Any) -> Any:
    """The first of a list, and of one in it; anything else as it is."""
    for _ in range(3):
        value = value[0] if isinstance(value, list) and value else value
    return value


def _first_dict(value: Any) -> dict[str, Any]:
    value = _first(value)
    return value if isinstance(value, dict) else {}


def _string(value: Any) -> str:
    """A text, also one that says its language."""
    value = _first(value)
    if isinstance(value, dict):
        value = value.get("@value")
    return value if isinstance(value, str) else ""


def _names(value: Any) -> str:
    several = value if isinstance(value, list) else [value]
    return ", ".join(name for name in map(_string, several[:20]) if name)


def _line(text: str, longest: int) -> str:
    """Attributes are decoded once; whoever encodes twice means text all the same."""
    return clean_line(unescape(text[: longest * 4]), longest)


def _web(text: str) -> str:
    return text if text.startswith(("http://", "https://")) else ""


def _address(page_url: str, address: str) -> str:
    if not address:
        return ""
    try:
        absolute = urljoin(page_url, address[:_LONGEST_URL])
        parts = urlsplit(absolute)
        is_usable = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return ""
    return absolute if is_usable and absolute.isprintable() and " " not in absolute else ""


def _oembed(page_url: str, tags: list[Tag]) -> str:
    for tag in tags:
        if tag.name == "link" and tag.get("type").lower() == "application/json+oembed":
            return _address(page_url, tag.get("href"))
    return ""


def _canonical(page_url: str, meta: _Meta, tags: list[Tag]) -> str:
    """What a page calls its own address, empty when that is at another host or none."""
    links = (tag for tag in tags if tag.name == "link" and "canonical" in tag.words("rel"))
    given = next((tag.get("href") for tag in links if tag.get("href")), "") or meta.get("og:url")
    address = "" if given in {"null", "undefined"} else _address(page_url, given)
    is_own = urlsplit(address).hostname == urlsplit(page_url).hostname
    return address if is_own else ""
