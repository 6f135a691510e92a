"""Getting things from other servers: bounded in time, size, redirects and type, and checked to be
what was asked for.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from federation.documents.context import ACCEPT, is_activity_content_type
from federation.documents.reading import (
    MAX_DOCUMENT_BYTES,
    parse_document,
    string,
)
from federation.errors import Gone, Malformed, Missing, NotAllowed, TooLarge, Unreachable, Untrusted
from federation.origins import authority_of, is_same_origin, origin_of
from federation.signatures.sign import Dialect
from federation.transport.budget import registrable
from federation.transport.client import Client

# Gives the headers that sign a GET of that address.
SignGet = Callable[[str, Dialect], Awaitable[Mapping[str, str]]]

MAX_PAGE_BYTES = 1024 * 1024
_MAX_REDIRECTS = 3
DEADLINE_SECONDS = 10.0
_RETRY_MAY_CURE = {408, 425, 429}
# Codings that we take, as zlib tells them apart.
_WINDOWS = {"identity": None, "": None, "gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
_PAGES = {"text/html", "application/xhtml+xml"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer's last address, media type (lower case, no parameters) and bytes."""

    url: str
    content_type: str
    body: bytes


async def fetch_document(
    client: Client, uri: str, sign: SignGet | None = None, *, may_lack_id: bool = False
) -> dict[str, Any]:
    """The ActivityPub document with the id `uri`; some collections carry none (`may_lack_id`).

    A document found there under another id is asked for once more at that id, if it is of the
    same origin; what then does not carry the address that it came from is refused.
    Raises Gone, Unreachable, NotAllowed, Malformed, TooLarge, Untrusted.
    """
    url = uri.partition("#")[0]
    for _ in range(2):
        answer = await fetch(client, url, ACCEPT, MAX_DOCUMENT_BYTES, sign)
        if not is_activity_content_type(answer.content_type):
            raise Malformed(f"{url} is not ActivityPub but {answer.content_type}")
        document = parse_document(answer.body)
        found = string(document.get("id"))
        if not found and may_lack_id and is_same_origin(uri, answer.url):
            return document
        # A server that sends one on to another one's document does not vouch for it.
        if found == answer.url or (found == uri and is_same_origin(uri, answer.url)):
            return document
        if not found or origin_of(found) != origin_of(answer.url):
            raise Untrusted(f"{answer.url} calls itself {found}")
        url = found
    raise Untrusted(f"{uri} does not carry its own id")


async def fetch_json(client: Client, url: str, accept: str) -> dict[str, Any]:
    """A JSON object that is no ActivityPub document (WebFinger, NodeInfo). Raises as fetch."""
    answer = await fetch(client, url, accept, MAX_DOCUMENT_BYTES)
    if not answer.content_type.partition(";")[0].rstrip().endswith("json"):
        raise Malformed(f"{url} is not JSON but {answer.content_type}")
    return parse_document(answer.body)


async def fetch_page(client: Client, url: str) -> Fetched:
    """The first mebibyte of an HTML page: what says what it is stands at its beginning.

    Raises as fetch, and Malformed for anything but HTML, before it is read.
    """
    return await fetch(
        client, url, "text/html, application/xhtml+xml", MAX_PAGE_BYTES, is_page=True
    )


async def fetch(
    client: Client,
    url: str,
    accept: str,
    max_bytes: int,
    sign: SignGet | None = None,
    *,
    is_page: bool = False,
) -> Fetched:
    """GET over at most three redirects within ten seconds in all; signed for the first host alone.

    A page (`is_page`) must be HTML and is cut at `max_bytes` where anything else is refused.
    Raises Gone (Missing for 404), Unreachable, NotAllowed, TooLarge, Malformed.
    """
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await _follow(client, url, accept, max_bytes, sign, is_page=is_page)
    except (TimeoutError, httpx.TransportError, OSError) as error:
        raise Unreachable(f"{url}: {type(error).__name__} {error}") from error
    except (httpx.InvalidURL, UnicodeError) as error:
        raise Malformed(f"{url} is not an address") from error


async def _follow(
    client: Client,
    url: str,
    accept: str,
    max_bytes: int,
    sign: SignGet | None,
    *,
    is_page: bool,
) -> Fetched:
    first, first_origin = url, origin_of(url)
    for _ in range(_MAX_REDIRECTS + 1):
        if domain := client.budget.take(domain=registrable(authority_of(url))):
            raise Unreachable(f"too much was asked of {domain} within five minutes")
        signer = sign if origin_of(url) == first_origin else None
        async with _knock(client, url, accept, signer) as response:
            if not response.has_redirect_location:
                return await _read(response, url, max_bytes, is_page=is_page)
            url = str(response.url.join(response.headers["location"]))
        if _is_private(client, url) and not _is_private(client, first):
            raise NotAllowed(f"a redirect to a private host: {url}")
    raise Malformed("too many redirects")


@asynccontextmanager
async def _knock(
    client: Client, url: str, accept: str, sign: SignGet | None
) -> AsyncIterator[httpx.Response]:
    """GET, signed in the dialect of the host; in the other one when that is refused."""
    headers = {"Accept": accept}
    if sign is None:
        async with client.stream("GET", url, headers=headers) as response:
            yield response
        return
    host, dialects = authority_of(url), client.dialects
    dialect = dialects.of(host)
    signed = {**headers, **await sign(url, dialect)}
    async with client.stream("GET", url, headers=signed) as response:
        if not dialects.may_try_other(host, response.status_code):
            if response.status_code < 300:
                dialects.worked(host, dialect)
            yield response
            return
    signed = {**headers, **await sign(url, dialect.other)}
    async with client.stream("GET", url, headers=signed) as response:
        if response.status_code < 300:
            dialects.worked(host, dialect.other)
        else:
            dialects.refused(host)
        yield response


def _is_private(client: Client, url: str) -> bool:
    """Private hosts are reached by name, or because another one of them says so, as one does whose
    handles have another domain; never because a public host says so.
    """
    parsed = httpx.URL(url)
    return client.policy.private_network(parsed.host, parsed.port or 443) is not None


async def _read(response: httpx.Response, url: str, max_bytes: int, *, is_page: bool) -> Fetched:
    status = response.status_code
    if status in (404, 410):
        raise (Missing if status == 404 else Gone)(f"{url} answers {status}")
    if status >= 500 or status in _RETRY_MAY_CURE:
        raise Unreachable(f"{url} answers {status}")
    if not 200 <= status < 300:
        raise NotAllowed(f"{url} answers {status}")
    content_type = response.headers.get("content-type", "").strip().lower()
    if is_page and content_type.partition(";")[0].strip() not in _PAGES:
        raise Malformed(f"{url} is no page but {content_type}")
    body = await _bounded(response, max_bytes + 1)
    if len(body) > max_bytes and not is_page:
        raise TooLarge(f"{url} is larger than {max_bytes} bytes")
    return Fetched(url, content_type, body[:max_bytes])


async def _bounded(response: httpx.Response, most: int) -> bytes:
    """The body up to that size; a little that unpacks to very much is not unpacked further."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in _WINDOWS:
        raise Malformed(f"{response.url} is packed as {coding}")
    window = _WINDOWS[coding]
    unpacker = None if window is None else zlib.decompressobj(window)
    body = bytearray()
    async for chunk in response.aiter_raw():
        try:
            body += unpacker.decompress(chunk, most - len(body)) if unpacker else chunk
        except zlib.error as error:
            raise Malformed(f"{response.url} cannot be unpacked") from error
        if len(body) >= most:
            break
    return bytes(body[:most])
