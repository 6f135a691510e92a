"""Pages of lists: which part is asked for, and the Link header that leads on (RFC 8288)."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import orjson
from starlette.responses import Response

from server import errors
from server.store.pages import Page
from web.params import known_id, whole_number
from web.request import TOKEN_PARAMETERS, Request

_LARGEST_OFFSET = 100_000


class Numbered(Protocol):
    """A row with an id."""

    @property
    def id(self) -> int:
        """What pages are told apart by."""
        ...


def read_page(request: Request, default: int = 20, maximum: int = 40) -> Page:
    """The page that the query asks for; an id that is none is 0, as in Mastodon."""
    query = request.query_params
    return Page(
        limit=read_limit(request, default, maximum),
        max_id=known_id(query.get("max_id")),
        since_id=known_id(query.get("since_id")),
        min_id=known_id(query.get("min_id")),
    )


def read_limit(request: Request, default: int, maximum: int) -> int:
    """`limit` between 1 and the maximum; its sign does not count (as in Mastodon)."""
    text = request.query_params.get("limit")
    return min(abs(whole_number(text)), maximum) or default if text else default


def page_response(
    request: Request, body: bytes, ids: Sequence[int], page: Page, newer: str = "min_id"
) -> Response:
    """JSON with a Link header; `ids` are those that page (of rows, newest first).

    `next` is there when the page is full, `prev` when it is not empty; all other parameters of the
    request are kept in both.
    """
    return json_response(
        body, {"Link": header} if (header := link_header(request, ids, page, newer)) else {}
    )


def rows_response(
    request: Request, rows: Sequence[Numbered], entity: Callable[[Any], object], page: Page
) -> Response:
    """Rows of a table as entities, paged by their own ids."""
    body = orjson.dumps([entity(row) for row in rows])
    return page_response(request, body, [row.id for row in rows], page)


def link_header(request: Request, ids: Sequence[int], page: Page, newer: str = "min_id") -> str:
    """The header's value, empty for an empty page."""
    links = []
    if len(ids) >= page.limit:
        links.append(f'<{_url(request, max_id=ids[-1])}>; rel="next"')
    if ids:
        links.append(f'<{_url(request, **{newer: ids[0]})}>; rel="prev"')
    return ", ".join(links)


def read_offset(request: Request) -> int:
    """`offset` of lists that are paged by place. Raises Invalid (400) for a negative one."""
    offset = whole_number(request.query_params.get("offset") or "0")
    if offset < 0:
        raise errors.Invalid("offset must not be negative", unreadable=True)
    return min(offset, _LARGEST_OFFSET)


def offset_response(
    request: Request, body: bytes | object, count: int, limit: int, offset: int
) -> Response:
    """JSON with a Link header for a list of `count` entries that is paged by place."""
    links = []
    if count >= limit:
        links.append(f'<{_url(request, offset=offset + limit)}>; rel="next"')
    if offset:
        links.append(f'<{_url(request, offset=max(0, offset - limit))}>; rel="prev"')
    return json_response(body, {"Link": ", ".join(links)} if links else {})


def json_response(
    body: bytes | object, headers: dict[str, str] | None = None, status: int = 200
) -> Response:
    """JSON out of ready bytes or of a value."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return Response(content, status, headers, media_type="application/json; charset=utf-8")


def _url(request: Request, **place: int) -> str:
    kept = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in {"max_id", "since_id", "min_id", "offset", *TOKEN_PARAMETERS}
    ]
    query = urlencode([*kept, *place.items()])
    return f"{request.addresses.origin}{quote(request.scope['path'])}?{query}"
