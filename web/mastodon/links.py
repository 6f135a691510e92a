"""Links that trend, and who posts about them.

https://docs.joinmastodon.org/methods/trends/#links and …/methods/timelines/#link
"""

import msgspec
from starlette.responses import Response

from server.errors import NotFound
from server.store import link_trends
from web.entities.card import trends_link_entity
from web.feeds import open_parts
from web.mastodon.pages import timeline_page
from web.pagination import offset_response, read_limit, read_offset, read_page
from web.params import read_query
from web.request import Request


class LinkQuery(msgspec.Struct):
    """Which link, and whose posts."""

    url: str = ""
    local: bool = False
    remote: bool = False


async def trends(request: Request) -> Response:
    """Links that many post about now."""
    limit, offset = read_limit(request, 10, 20), read_offset(request)
    by_default = request.runtime.settings.trendable_by_default
    found = await link_trends.list_trends(
        request.runtime.db, offset, limit, by_default=by_default, viewer_id=request.viewer_id
    )
    entities = [trends_link_entity(one, request.addresses, request.viewer_id) for one in found]
    return offset_response(request, entities, len(found), limit, offset)


async def timeline(request: Request) -> Response:
    """Public posts with a trending link."""
    db, page, query = request.runtime.db, read_page(request), read_query(request, LinkQuery)
    parts = open_parts(request, "link", local=query.local, remote=query.remote)
    card_id = await link_trends.find_trending(
        db, query.url, by_default=request.runtime.settings.trendable_by_default
    )
    if card_id is None:
        raise NotFound
    ids = await link_trends.timeline_page(
        db, card_id, request.viewer_id, page, ours="local" in parts, others="remote" in parts
    )
    return await timeline_page(request, ids, page)
