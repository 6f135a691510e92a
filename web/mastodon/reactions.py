"""https://docs-develop.pleroma.social/backend/development/API/pleroma_api/#emoji-reactions"""

from starlette.responses import Response

from server.actions import react
from server.store import reactions, statuses
from server.store.account_views import load_account_views
from server.store.revisions import NO_MARKS, load_marks
from web.entities.reaction import reactors_entity
from web.mastodon.pages import statuses_json
from web.pagination import json_response
from web.request import Request

_MOST_PEOPLE = 80  # of each emoji


async def add(request: Request) -> Response:
    """React; the answer is the status."""
    name: str = request.path_params["name"]
    await react.add_reaction(request.runtime, request.member_id, request.path_id(), name)
    return await _status(request)


async def remove(request: Request) -> Response:
    """Take a reaction back; the answer is the status."""
    name: str = request.path_params["name"]
    await react.remove_reaction(request.runtime, request.member_id, request.path_id(), name)
    return await _status(request)


async def index(request: Request) -> Response:
    """Who reacted with what."""
    return await _reactors(request, None)


async def show(request: Request) -> Response:
    """Who reacted with one emoji: a list of one, or of none."""
    return await _reactors(request, react.read_full_name(request.path_params["name"]))


async def _reactors(request: Request, name: str | None) -> Response:
    db, viewer_id = request.runtime.db, request.viewer_id
    status = await statuses.get_visible_status(db, request.path_id(), viewer_id)
    shown_id = status.boost_of_id or status.id
    found = await reactions.list_reactors(db, shown_id, viewer_id, name, _MOST_PEOPLE)
    accounts = await load_account_views(db, {i for one in found for i in one.account_ids})
    marks = await load_marks(db, [shown_id], [viewer_id] if viewer_id else [])
    own = marks.get((viewer_id or 0, shown_id), NO_MARKS).reactions
    return json_response([reactors_entity(one, accounts, own, request.addresses) for one in found])


async def _status(request: Request) -> Response:
    body = await statuses_json(request, [request.path_id()])
    return json_response(body[1:-1])
