"""Links that trend, and who posts about them.

https://docs.joinmastodon.org/methods/trends/#links and …/methods/timelines/#link
"""

import msgspec
from starlette.responses import Response

from server.errors import NotFound
from server.store import link_trends
from web.entities.card import trends_link_entity
from web.mastodon.pages import timeline_page
from web.pagination import json_response, read_limit, read_page
from web.params import read_query
from web.request import Request

_FARTHEST = 10_000


class TrendsQuery(msgspec.Struct):
    """Where in the list."""

    offset: int = 0


class LinkQuery(msgspec.Struct):
    """Which link."""

    url: str = ""


async def trends(request: Request) -> Response:
    """Links that many post about now."""
    limit, query = read_limit(request, 10, 20), read_query(request, TrendsQuery)
    offset = min(max(0, query.offset), _FARTHEST)
    found = await link_trends.list_trends(request.runtime.db, offset, limit)
    entities = [trends_link_entity(trend, request.addresses) for trend in found]
    return json_response(entities, _headers(request, offset, limit, len(found)))


async def timeline(request: Request) -> Response:
    """Public posts with a trending link."""
    db, page = request.runtime.db, read_page(request)
    card_id = await link_trends.find_trending(db, read_query(request, LinkQuery).url)
    if card_id is None:
        raise NotFound
    ids = await link_trends.timeline_page(db, card_id, request.viewer_id, page)
    return await timeline_page(request, ids, page)


def _headers(request: Request, offset: int, limit: int, count: int) -> dict[str, str]:
    """Pages by offset, as Mastodon links them."""
    base = f"{request.addresses.origin}{request.url.path}"
    links = []
    if count >= limit:
        links.append(f'<{base}?limit={limit}&offset={offset + limit}>; rel="next"')
    if offset:
        links.append(f'<{base}?limit={limit}&offset={max(0, offset - limit)}>; rel="prev"')
    return {"Link": ", ".join(links)} if links else {}
