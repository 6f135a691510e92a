"""https://docs.joinmastodon.org/methods/conversations/"""

from collections.abc import Sequence
from typing import Any

import orjson
from starlette.responses import Response

from server.errors import NotFound
from server.runtime import Runtime
from server.store import conversations
from server.store.account_views import load_account_views
from server.store.conversations import Conversation
from web.entities.conversation import conversation_entity
from web.pagination import json_response, page_response, read_page
from web.renderer import Renderer
from web.request import Request


async def index(request: Request) -> Response:
    """Direct threads, the latest first."""
    page = read_page(request)
    rows = await conversations.conversation_page(request.runtime.db, request.member_id, page)
    found = await load_entities(
        request.app.state.renderer, request.runtime, rows, request.member_id
    )
    return page_response(request, orjson.dumps(found), [r.last_status_id for r in rows], page)


async def read(request: Request) -> Response:
    """Mark as read."""
    return await _mark(request, unread=False)


async def unread(request: Request) -> Response:
    """Mark as unread."""
    return await _mark(request, unread=True)


async def delete(request: Request) -> Response:
    """Take off the list; the posts stay."""
    if not await conversations.delete_conversation(
        request.runtime.db, request.member_id, request.path_id()
    ):
        raise NotFound
    return json_response({})


async def load_entities(
    renderer: Renderer, runtime: Runtime, rows: Sequence[Conversation], viewer_id: int
) -> list[dict[str, Any]]:
    """Entities of a page, in a fixed number of queries."""
    participants = {i for row in rows for i in row.participant_ids or [viewer_id]}
    accounts = await load_account_views(runtime.db, participants)
    rendered = await renderer.render([row.last_status_id for row in rows], viewer_id)
    statuses = {status_id: orjson.Fragment(body) for status_id, body in rendered.items()}
    return [
        conversation_entity(row, accounts, statuses, runtime.addresses, viewer_id) for row in rows
    ]


async def _mark(request: Request, *, unread: bool) -> Response:
    row = await conversations.set_unread(
        request.runtime.db, request.member_id, request.path_id(), unread=unread
    )
    if row is None:
        raise NotFound
    found = await load_entities(
        request.app.state.renderer, request.runtime, [row], request.member_id
    )
    return json_response(found[0])
