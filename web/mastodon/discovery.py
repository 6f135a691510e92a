"""Trends, suggestions and the directory.

https://docs.joinmastodon.org/methods/trends/, …/methods/suggestions/, …/methods/directory/
"""

from typing import Literal

import msgspec
from starlette.responses import Response

from server.store import suggestions, tags, trends
from server.store.account_views import load_account_views
from web.entities.account import account_entity
from web.entities.tag import tag_entity
from web.mastodon.pages import statuses_json
from web.pagination import json_response, offset_response, read_limit, read_offset
from web.params import read_query
from web.request import Request

# Mastodon tells in two words why somebody is suggested: the older one, and the newer ones.
_OLDER = {"friends_of_friends": "past_interactions", "most_followed": "global"}


class DirectoryQuery(msgspec.Struct):
    """Who, and in which order."""

    order: Literal["active", "new"] = "active"
    local: bool = False


async def trending_tags(request: Request) -> Response:
    """Tags that many use now."""
    limit, offset = read_limit(request, 10, 20), read_offset(request)
    db, viewer_id = request.runtime.db, request.viewer_id
    found = await trends.list_tags(
        db, offset, limit, by_default=request.runtime.settings.trendable_by_default
    )
    names = [name for _, name in found]
    uses = await tags.use_of_tags(db, names)
    followed = await tags.list_followed_among(db, viewer_id, names) if viewer_id else None
    entities = [
        tag_entity(
            tag_id,
            name,
            request.addresses,
            uses[name],
            None if followed is None else name in followed,
        )
        for tag_id, name in found
    ]
    return offset_response(request, entities, len(found), limit, offset)


async def trending_statuses(request: Request) -> Response:
    """Posts that many like and boost now."""
    limit, offset = read_limit(request, 20, 40), read_offset(request)
    ids = await trends.list_statuses(
        request.runtime.db,
        request.viewer_id,
        offset,
        limit,
        by_default=request.runtime.settings.trendable_by_default,
    )
    return offset_response(request, await statuses_json(request, ids), len(ids), limit, offset)


async def suggest(request: Request) -> Response:
    """Whom one might follow, and why."""
    found = await _suggested(request)
    views = await load_account_views(request.runtime.db, [i for i, _ in found])
    return json_response(
        [
            {
                "source": _OLDER[why],
                "sources": [why],
                "account": account_entity(views[i], request.addresses),
            }
            for i, why in found
            if i in views
        ]
    )


async def suggest_v1(request: Request) -> Response:
    """Whom one might follow."""
    found = await _suggested(request)
    views = await load_account_views(request.runtime.db, [i for i, _ in found])
    return json_response(
        [account_entity(views[i], request.addresses) for i, _ in found if i in views]
    )


async def dismiss(request: Request) -> Response:
    """Do not suggest that one again."""
    await suggestions.dismiss_suggestion(
        request.runtime.db, request.member_id, request.path_id("account_id")
    )
    return json_response({})


async def directory(request: Request) -> Response:
    """Who wants to be found."""
    limit, offset = read_limit(request, 40, 80), read_offset(request)
    query = read_query(request, DirectoryQuery)
    ids = await suggestions.list_directory(
        request.runtime.db,
        request.viewer_id,
        query.order,
        local=query.local,
        limit=limit,
        offset=offset,
    )
    views = await load_account_views(request.runtime.db, ids)
    entities = [account_entity(views[i], request.addresses) for i in ids if i in views]
    return offset_response(request, entities, len(ids), limit, offset)


async def _suggested(request: Request) -> list[tuple[int, str]]:
    limit = read_limit(request, 40, 80)
    return await suggestions.list_suggestions(request.runtime.db, request.member_id, limit)
