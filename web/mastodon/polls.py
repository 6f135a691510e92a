"""https://docs.joinmastodon.org/methods/polls/

A poll has the id of its status.
"""

import msgspec
import orjson
from starlette.responses import Response

from server.actions.vote import refresh_counts, vote
from server.errors import NotFound
from server.store import polls, statuses
from web.mastodon.pages import render_statuses
from web.pagination import json_response
from web.params import missing, read_params
from web.request import Request


class VoteForm(msgspec.Struct):
    """Places of the chosen options, from 0."""

    choices: list[int] = []


async def show(request: Request) -> Response:
    """A poll as its status shows it."""
    db, viewer_id = request.runtime.db, request.viewer_id
    status = await statuses.get_visible_status(db, request.path_id(), viewer_id)
    await refresh_counts(request.runtime, status.id)
    return await _poll(request, status.id)


async def vote_in(request: Request) -> Response:
    """Choose."""
    form = await read_params(request, VoteForm)
    if not form.choices:
        raise missing("choices")
    await vote(request.runtime, request.member_id, request.path_id(), form.choices)
    return await _poll(request, request.path_id())


async def _poll(request: Request, status_id: int) -> Response:
    if await polls.find_poll(request.runtime.db, status_id) is None:
        raise NotFound
    rendered = await render_statuses(request, [status_id])
    if status_id not in rendered:
        raise NotFound
    return json_response(orjson.loads(rendered[status_id])["poll"])
