"""https://docs.joinmastodon.org/methods/tags/ and followed_tags"""

import orjson
from starlette.responses import Response

from server.errors import NotFound
from server.store import tags
from server.text.compose import hashtags_in
from web.entities.tag import tag_entity
from web.pagination import json_response, page_response, read_page
from web.request import Request


async def show(request: Request) -> Response:
    """One hashtag and its use in the last seven days."""
    return await _one(request)


async def follow(request: Request) -> Response:
    """Have public posts with it in one's home."""
    await tags.follow_tag(request.runtime.db, request.member_id, _name(request))
    return await _one(request)


async def unfollow(request: Request) -> Response:
    """No longer."""
    await tags.unfollow_tag(request.runtime.db, request.member_id, _name(request))
    return await _one(request)


async def followed(request: Request) -> Response:
    """The hashtags that one follows."""
    page = read_page(request, 100, 200)
    rows = await tags.list_followed(request.runtime.db, request.member_id, page)
    found = [tag_entity(None, name, request.addresses, (), True) for _, name in rows]
    ids = [row_id for row_id, _ in rows]
    return page_response(request, orjson.dumps(found), ids, page, newer="since_id")


async def _one(request: Request) -> Response:
    db, name = request.runtime.db, _name(request)
    use = await tags.use_of_tag(db, name)
    viewer_id = request.viewer_id
    following = await tags.is_followed(db, viewer_id, name) if viewer_id else None
    return json_response(tag_entity(None, name, request.addresses, use, following))


def _name(request: Request) -> str:
    """Raises NotFound for what is no hashtag."""
    name = request.path_params["name"]
    if hashtags_in(f"#{name}") != [name]:
        raise NotFound
    return str(name).lower()
