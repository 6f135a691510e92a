"""Which link of a post is shown as a card, and under which address its page is known."""

import re
from collections.abc import Collection, Iterator
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from server.text.markup import Tag, find_tags

_QUOTE = re.compile(r'<p class="quote-inline">.*?</p>', re.DOTALL)
_NAMED = re.compile(r'<a [^>]*class="[^"]*\b(?:mention|hashtag|u-url)\b')
_TRACKERS = re.compile(r"utm_\w+|fbclid|gclid|mc_eid", re.IGNORECASE)
_LONGEST_URL = 2000  # in bytes; more does not fit into an index
_LONGEST_CONTENT = 100_000


def has_link(content: str) -> bool:
    """Whether a post's HTML may have a link that is no mention and no hashtag; a quick look."""
    return content.count(" href=") > len(_NAMED.findall(content))


def first_link(content: str, own_origin: str, mentioned: Collection[str] = ()) -> str | None:
    """The first one of `list_links`, if there is any."""
    return next(_links(content, own_origin, mentioned), None)


def list_links(content: str, own_origin: str, mentioned: Collection[str] = ()) -> list[str]:
    """Links of a post's HTML that are neither a mention, a hashtag, a quote nor ours.

    `mentioned` are addresses of the people whom it names. A hundred at most.
    """
    return list(islice(_links(content, own_origin, mentioned), 100))


def _links(content: str, own_origin: str, mentioned: Collection[str]) -> Iterator[str]:
    if "href=" not in content:
        return
    for tag in find_tags(_QUOTE.sub("", content[:_LONGEST_CONTENT]), ("a",)):
        url = tag.get("href")
        if _is_page(tag, url) and url not in mentioned and not _is_own(url, own_origin):
            yield url


def card_address(url: str) -> str | None:
    """The address by which a link's card is kept: without fragment and trackers.

    None for what is no address of a page, or too long.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_usable = parts.port is None or parts.port > 0
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or not is_usable or "@" in parts.netloc:
        return None
    query = parts.query
    if _TRACKERS.search(query):
        kept = parse_qsl(query, keep_blank_values=True, max_num_fields=None)
        query = urlencode([(n, value) for n, value in kept if not _TRACKERS.fullmatch(n)])
    address = urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", query, ""))
    is_short = len(address.encode()) <= _LONGEST_URL
    return address if is_short and address.isprintable() and " " not in address else None


def is_within(host: str, domain: str) -> bool:
    """Whether a host is a domain or stands below it."""
    return host == domain or host.endswith(f".{domain}")


def _is_page(tag: Tag, url: str) -> bool:
    is_named = tag.words("class") & {"mention", "hashtag", "u-url", "h-card"}
    is_tag = "tag" in tag.words("rel")
    return url.startswith(("http://", "https://")) and not is_named and not is_tag


def _is_own(url: str, own_origin: str) -> bool:
    try:
        return urlsplit(url).netloc.lower() == urlsplit(own_origin).netloc
    except ValueError:
        return True
