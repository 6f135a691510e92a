"""https://docs.joinmastodon.org/methods/tags/ and followed_tags"""

from dataclasses import replace

import orjson
from starlette.responses import Response

from federation.documents.tag import fold_hashtag
from server.actions.feature_tag import feature_tag, unfeature_tag
from server.errors import NotFound
from server.store import featured_tags, tags
from server.text.compose import hashtags_in
from web.entities.tag import tag_entity
from web.pagination import json_response, page_response, read_page
from web.request import Request


async def show(request: Request) -> Response:
    """One hashtag and its use in the last seven days."""
    return await _one(request)


async def follow(request: Request) -> Response:
    """Have public posts with it in one's home."""
    _name(request)
    await tags.follow_tag(request.runtime.db, request.member_id, request.path_params["name"])
    return await _one(request)


async def unfollow(request: Request) -> Response:
    """No longer."""
    await tags.unfollow_tag(request.runtime.db, request.member_id, _name(request))
    return await _one(request)


async def followed(request: Request) -> Response:
    """The hashtags that one follows."""
    page = read_page(request, 100, 200)
    db = request.runtime.db
    rows = await tags.followed_page(db, request.member_id, page)
    uses = await tags.use_of_tags(db, [name for _, _, name in rows])
    found = [tag_entity(i, name, request.addresses, uses[name], True) for _, i, name in rows]
    ids = [row_id for row_id, _, _ in rows]
    return page_response(request, orjson.dumps(found), ids, page, newer="since_id")


async def show_on_profile(request: Request) -> Response:
    """Show it on one's profile."""
    await feature_tag(request.runtime, request.member_id, _name(request))
    return await _one(request)


async def hide_on_profile(request: Request) -> Response:
    """Show it no longer."""
    await unfeature_tag(request.runtime, request.member_id, _name(request))
    return await _one(request)


async def _one(request: Request) -> Response:
    db, name, viewer_id = request.runtime.db, _name(request), request.viewer_id
    tag_id, use = await tags.find_id(db, name), (await tags.use_of_tags(db, [name]))[name]
    if tag_id is None:
        use = replace(use, written=request.path_params["name"])
    following, featuring = None, False
    if viewer_id:
        following = await tags.is_followed(db, viewer_id, name)
        featuring = await featured_tags.is_featured(db, viewer_id, name)
    return json_response(
        tag_entity(
            tag_id,
            name,
            request.addresses,
            use,
            following,
            featuring=featuring,
        )
    )


def _name(request: Request) -> str:
    """Raises NotFound for what is no hashtag."""
    name = request.path_params["name"]
    if hashtags_in(f"#{name}") != [name]:
        raise NotFound
    return fold_hashtag(name)
