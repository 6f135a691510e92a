"""https://docs.joinmastodon.org/methods/notifications/"""

from collections.abc import Sequence
from typing import Any

import msgspec
import orjson
from starlette.responses import Response

from server.errors import NotFound
from server.store import notifications
from server.store.notifications import Notification
from web.entities.notification import load_subjects, notification_entity
from web.mastodon.pages import account_fragments, status_fragments
from web.pagination import json_response, page_response, read_limit, read_page
from web.params import read_params, read_query
from web.request import Request


class NotificationQuery(msgspec.Struct):
    """Which kinds, and of whom."""

    types: list[str] = []
    exclude_types: list[str] = []
    account_id: int | None = None
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
        query.account_id,
        include_filtered=query.include_filtered,
    )
    found = await _entities(request, rows)
    return page_response(request, orjson.dumps(found), [row.id for row in rows], page)


async def show(request: Request) -> Response:
    """One of one's own."""
    row = await notifications.find_notification(
        request.runtime.db, request.member_id, request.path_id()
    )
    if row is None:
        raise NotFound
    found = await _entities(request, [row])
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


async def _entities(request: Request, rows: Sequence[Notification]) -> list[dict[str, Any]]:
    """Entities of a page, in a fixed number of queries."""
    db = request.runtime.db
    accounts = await account_fragments(request, {row.from_account_id for row in rows})
    status_ids = list({row.status_id for row in rows if row.status_id})
    statuses = await status_fragments(request, status_ids)
    subjects = await load_subjects(db, rows)
    return [
        notification_entity(row, accounts, statuses, subjects, request.addresses) for row in rows
    ]
