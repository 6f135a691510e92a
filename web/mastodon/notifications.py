"""https://docs.joinmastodon.org/methods/notifications/"""

import msgspec
from starlette.responses import Response

from server.errors import NotFound
from server.store import notifications
from web.pagination import json_response, page_response, read_limit, read_page
from web.params import known_id, read_params, read_query
from web.renderer import Renderer
from web.request import Request


class NotificationQuery(msgspec.Struct):
    """Which kinds, and of whom."""

    types: list[str] = []
    exclude_types: list[str] = []
    account_id: str | None = None
    include_filtered: bool = False


class DismissForm(msgspec.Struct):
    """Which one."""

    id: int = 0


async def index(request: Request) -> Response:
    """What one was told, newest first."""
    page, query = read_page(request, 40, 80), read_query(request, NotificationQuery)
    rows = await notifications.notification_page(
        request.runtime.db,
        request.member_id,
        page,
        query.types,
        query.exclude_types,
        known_id(query.account_id),
        include_filtered=query.include_filtered,
    )
    renderer: Renderer = request.app.state.renderer
    found = await renderer.render_notifications(rows, request.member_id)
    body = b"[" + b",".join(found) + b"]"
    return page_response(request, body, [row.id for row in rows], page)


async def show(request: Request) -> Response:
    """One of one's own."""
    row = await notifications.find_notification(
        request.runtime.db, request.member_id, request.path_id()
    )
    renderer: Renderer = request.app.state.renderer
    found = row and await renderer.render_notifications([row], request.member_id)
    if not found:
        raise NotFound
    return json_response(found[0])


async def clear(request: Request) -> Response:
    """Delete all."""
    await notifications.clear_notifications(request.runtime.db, request.member_id)
    return json_response({})


async def dismiss(request: Request) -> Response:
    """Delete one."""
    if not await notifications.dismiss_notification(
        request.runtime.db, request.member_id, request.path_id()
    ):
        raise NotFound
    return json_response({})


async def dismiss_by_parameter(request: Request) -> Response:
    """The same, as the oldest clients ask for it."""
    form = await read_params(request, DismissForm)
    await notifications.dismiss_notification(request.runtime.db, request.member_id, form.id)
    return json_response({})


async def unread_count(request: Request) -> Response:
    """How many are newer than the marker."""
    limit = read_limit(request, 100, 1000)
    count = await notifications.count_unread(request.runtime.db, request.member_id, limit)
    return json_response({"count": count})
