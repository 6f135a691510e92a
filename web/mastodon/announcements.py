"""https://docs.joinmastodon.org/methods/announcements/"""

import msgspec
from starlette.responses import Response

from server.actions import announce
from server.store import announcements, custom_emojis
from server.text.shortcodes import shortcodes_in
from web.entities.announcement import announcement_entity
from web.pagination import json_response
from web.params import read_query
from web.request import Request


class IndexQuery(msgspec.Struct):
    """Whether those that one has read come along; real Mastodon shows them unless told not to."""

    with_dismissed: bool = True


async def index(request: Request) -> Response:
    """What the owners tell now, the oldest first."""
    query, db = read_query(request, IndexQuery), request.runtime.db
    found = await announcements.list_shown(db, request.member_id)
    found = [one for one in found if query.with_dismissed or not one.read]
    named = {one.id: shortcodes_in([one.text]) for one in found}
    codes = [code for codes in named.values() for code in codes]
    emojis = {one.shortcode: one for one in await custom_emojis.find_emojis(db, codes)}
    return json_response(
        [
            announcement_entity(
                one, [emojis[code] for code in named[one.id] if code in emojis], request.addresses
            )
            for one in found
        ]
    )


async def dismiss(request: Request) -> Response:
    """One has read it."""
    await announce.dismiss(request.runtime, request.member_id, request.path_id())
    return json_response({})


async def react(request: Request) -> Response:
    """Add an emoji."""
    await announce.add_reaction(
        request.runtime, request.member_id, request.path_id(), request.path_params["name"]
    )
    return json_response({})


async def unreact(request: Request) -> Response:
    """Take an emoji back."""
    await announce.remove_reaction(
        request.runtime, request.member_id, request.path_id(), request.path_params["name"]
    )
    return json_response({})
