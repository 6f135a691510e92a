"""Who asks to answer, favourite or boost, in GoToSocial's shape: Mastodon has none.

https://docs.gotosocial.org/en/latest/api/swagger/
"""

from collections.abc import Sequence

import msgspec
import orjson
from starlette.responses import Response

from server.actions import interactions
from server.store import interaction_requests as store
from server.store.interaction_requests import Request as Asked
from web.entities.interaction_request import Entity, interaction_request_entity
from web.mastodon.pages import account_fragments, status_fragments
from web.pagination import json_response, page_response, read_page
from web.params import read_params
from web.request import Request


class KindsForm(msgspec.Struct):
    """Which requests are wanted."""

    favourites: bool = True
    replies: bool = True
    reblogs: bool = True
    status_id: int | None = None


async def index(request: Request) -> Response:
    """Those that wait for an answer, newest first."""
    form, page = await read_params(request, KindsForm), read_page(request, 40, 80)
    wanted = {"like": form.favourites, "reply": form.replies, "announce": form.reblogs}
    kinds = [kind for kind, is_wanted in wanted.items() if is_wanted]
    found = await store.waiting_page(
        request.runtime.db, request.member_id, kinds, form.status_id, page
    )
    body = orjson.dumps(await _entities(request, found))
    return page_response(request, body, [one.id for one in found], page)


async def show(request: Request) -> Response:
    """One of them."""
    return await _one(request)


async def authorize(request: Request) -> Response:
    """Agree."""
    await interactions.authorize(request.runtime, request.member_id, request.path_id())
    return await _one(request)


async def reject(request: Request) -> Response:
    """Do not agree."""
    found = await interactions.reject(request.runtime, request.member_id, request.path_id())
    return await _shown(request, found)


async def _one(request: Request) -> Response:
    found = await store.get_asked(request.runtime.db, request.member_id, request.path_id())
    return await _shown(request, found)


async def _shown(request: Request, found: Asked) -> Response:
    return json_response((await _entities(request, [found]))[0])


async def _entities(request: Request, found: Sequence[Asked]) -> list[Entity]:
    accounts = await account_fragments(request, [one.account_id for one in found])
    ids = {one.status_id for one in found} | {one.done_id for one in found if one.done_id}
    statuses = await status_fragments(request, list(ids))
    return [interaction_request_entity(one, accounts, statuses, request.addresses) for one in found]
