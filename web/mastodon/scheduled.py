"""https://docs.joinmastodon.org/methods/scheduled_statuses/

A draft is a scheduled status whose time is the end of the calendar: clients that list, change and
delete scheduled posts can do so with drafts.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import orjson
from starlette.responses import Response

from server.actions import schedule
from server.errors import Invalid
from server.store import scheduled
from server.store.scheduled import Scheduled
from web.entities.media_attachment import media_attachment_entity
from web.entities.values import timestamp
from web.pagination import json_response, page_response, read_page
from web.params import read_params
from web.request import Request

_NEVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


class TimeForm(msgspec.Struct):
    """When."""

    scheduled_at: str | None = None


async def index(request: Request) -> Response:
    """What waits."""
    page = read_page(request)
    rows = await scheduled.scheduled_page(request.runtime.db, request.member_id, page)
    body = orjson.dumps(await entities(request, rows))
    return page_response(request, body, [row.id for row in rows], page)


async def show(request: Request) -> Response:
    """One of one's own."""
    kept = await scheduled.get_scheduled(request.runtime.db, request.member_id, request.path_id())
    return json_response((await entities(request, [kept]))[0])


async def update(request: Request) -> Response:
    """Another time."""
    form = await read_params(request, TimeForm)
    kept = await scheduled.get_scheduled(request.runtime.db, request.member_id, request.path_id())
    at = read_time(form.scheduled_at)
    if at is not None:
        kept = await schedule.reschedule(
            request.runtime, request.member_id, kept.id, None if at >= _NEVER else at
        )
    return json_response((await entities(request, [kept]))[0])


async def delete(request: Request) -> Response:
    """Do not post it."""
    kept = await scheduled.get_scheduled(request.runtime.db, request.member_id, request.path_id())
    await scheduled.delete_scheduled(request.runtime.db, kept.id)
    return json_response({})


async def entities(request: Request, rows: Sequence[Scheduled]) -> list[dict[str, Any]]:
    """ScheduledStatus of each."""
    media = await scheduled.media_of(request.runtime.db, [row.id for row in rows])
    return [
        {
            "id": str(row.id),
            "scheduled_at": timestamp(row.scheduled_at or _NEVER),
            "params": _params(row),
            "media_attachments": [
                media_attachment_entity(one, request.addresses) for one in media.get(row.id, ())
            ],
        }
        for row in rows
    ]


def read_time(text: str | None) -> datetime | None:
    """ISO 8601; without a zone it is UTC. Raises Invalid."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid("Record invalid") from error  # Mastodon's words
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _params(row: Scheduled) -> dict[str, Any]:
    draft = schedule.draft_of(row.params)
    poll = draft.poll
    return {
        "text": draft.text,
        "poll": None
        if poll is None
        else {
            "options": list(poll.options),
            "expires_in": poll.expires_in,
            "multiple": poll.multiple,
            "hide_totals": poll.hide_totals,
        },
        "media_ids": [str(media_id) for media_id in draft.media_ids] or None,
        "sensitive": draft.sensitive,
        "spoiler_text": draft.spoiler_text or None,
        "visibility": draft.visibility or "public",
        "in_reply_to_id": draft.in_reply_to_id,
        "language": draft.language,
        "application_id": row.app_id or 0,
        "scheduled_at": None,
        "idempotency": None,
        "with_rate_limit": False,
        "quoted_status_id": str(draft.quoted_id) if draft.quoted_id else None,
        "quote_approval_policy": draft.quote_policy,
        "content_type": draft.content_type,
        "allowed_mentions": None
        if draft.allowed_mentions is None
        else [str(account_id) for account_id in draft.allowed_mentions],
    }
