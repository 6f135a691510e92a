"""https://docs.joinmastodon.org/methods/notifications/"""

from collections.abc import Sequence
from typing import Any

import msgspec
import orjson
from starlette.responses import Response

from server.errors import NotFound
from server.store import notifications
from server.store.account_views import load_account_views
from server.store.notifications import Notification
from web.entities.notification_fallback import fallback_entity, needs_fallback
from web.languages import language_for
from web.pages.rendering import texts_in
from web.pagination import json_response, page_response, read_limit, read_page
from web.params import known_id, read_params, read_query
from web.renderer import Renderer
from web.request import Request


class NotificationQuery(msgspec.Struct):
    """Which kinds, and of whom."""

    types: list[str] = []
    exclude_types: list[str] = []
    supported_types: list[str] | None = None
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
    found = await _render(request, rows, query.supported_types)
    body = b"[" + b",".join(found) + b"]"
    return page_response(request, body, [row.id for row in rows], page)


async def show(request: Request) -> Response:
    """One of one's own."""
    row = await notifications.find_notification(
        request.runtime.db, request.member_id, request.path_id()
    )
    query = read_query(request, NotificationQuery)
    found = row and await _render(request, [row], query.supported_types)
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


async def _render(
    request: Request, rows: Sequence[Notification], supported: Sequence[str] | None
) -> list[bytes]:
    """As JSON, with words beside the kinds that the client does not know."""
    renderer: Renderer = request.app.state.renderer
    found = await renderer.render_notifications(rows, request.member_id)
    unknown = {row.from_account_id for row in rows if needs_fallback(row.type, supported)}
    if not unknown:
        return found
    views = await load_account_views(request.runtime.db, unknown)
    texts = texts_in(await language_for(request))

    def worded(entity: dict[str, Any]) -> bytes:
        kind, sender_id = entity["type"], int(entity["account"]["id"])
        if needs_fallback(kind, supported) and sender_id in views:
            entity["fallback"] = fallback_entity(kind, views[sender_id], request.addresses, texts)
        return orjson.dumps(entity)

    return [worded(orjson.loads(body)) for body in found]
