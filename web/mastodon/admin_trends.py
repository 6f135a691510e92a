"""https://docs.joinmastodon.org/methods/admin/trends/, and what it takes to review them

The list of all tags stands here as well: what trends is one of the things that are said of them.
"""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import orjson
from starlette.responses import Response

from server.errors import NotFound
from server.moderation import review
from server.store import link_trends, publishers, reviewed_tags, tags, trends
from server.store.reviewed_tags import ReviewedTag
from web.entities.review import admin_link_entity, admin_tag_entity, publisher_entity
from web.mastodon.pages import render_statuses
from web.pagination import (
    json_response,
    offset_response,
    page_response,
    read_limit,
    read_offset,
    read_page,
    rows_response,
)
from web.params import read_params
from web.request import Request


class TagForm(msgspec.Struct):
    """What is left out stays."""

    display_name: str | None = None
    usable: bool | None = None
    listable: bool | None = None
    trendable: bool | None = None


async def trending_tags(request: Request) -> Response:
    """All tags that many use now, reviewed or not."""
    limit, offset = read_limit(request, 10, 20), read_offset(request)
    found = await trends.list_tags(request.runtime.db, offset, limit, by_default=None)
    known = await reviewed_tags.list_tags(request.runtime.db, [tag_id for tag_id, _ in found])
    entities = await _tags(request, [known[tag_id] for tag_id, _ in found if tag_id in known])
    return offset_response(request, entities, len(found), limit, offset)


async def approve_tag(request: Request) -> Response:
    """It may trend."""
    return await _review_tag(request, trendable=True)


async def reject_tag(request: Request) -> Response:
    """It may not."""
    return await _review_tag(request, trendable=False)


async def all_tags(request: Request) -> Response:
    """All tags, the latest first."""
    page = read_page(request, 100, 200)
    found = await reviewed_tags.tag_page(request.runtime.db, page)
    body = orjson.dumps(await _tags(request, found))
    return page_response(request, body, [tag.id for tag in found], page)


async def show_tag(request: Request) -> Response:
    """One tag."""
    return await _tag(request)


async def update_tag(request: Request) -> Response:
    """Say what it may be used for."""
    form = await read_params(request, TagForm)
    tag = await reviewed_tags.get_tag(request.runtime.db, request.path_id())
    given = {
        name: value for name, value in msgspec.structs.asdict(form).items() if value is not None
    }
    await review.review_tag(request.runtime, request.member_id, replace(tag, **given))
    return await _tag(request)


async def trending_statuses(request: Request) -> Response:
    """All posts that many like and boost now, reviewed or not."""
    limit, offset = read_limit(request, 20, 40), read_offset(request)
    ids = await trends.list_statuses(
        request.runtime.db, request.viewer_id, offset, limit, by_default=None
    )
    found = await _statuses(request, ids)
    body = orjson.dumps([found[status_id] for status_id in ids if status_id in found])
    return offset_response(request, body, len(ids), limit, offset)


async def approve_status(request: Request) -> Response:
    """It may trend."""
    return await _review_status(request, trendable=True)


async def reject_status(request: Request) -> Response:
    """It may not."""
    return await _review_status(request, trendable=False)


async def trending_links(request: Request) -> Response:
    """All links that many post about now, reviewed or not."""
    limit, offset = read_limit(request, 10, 20), read_offset(request)
    found = await link_trends.list_trends(request.runtime.db, offset, limit, by_default=None)
    entities = [admin_link_entity(trend, request.addresses) for trend in found]
    return offset_response(request, entities, len(found), limit, offset)


async def approve_link(request: Request) -> Response:
    """It may trend."""
    return await _review_link(request, trendable=True)


async def reject_link(request: Request) -> Response:
    """It may not."""
    return await _review_link(request, trendable=False)


async def all_publishers(request: Request) -> Response:
    """Sites whose pages trended, the latest first."""
    page = read_page(request, 100, 200)
    found = await publishers.publisher_page(request.runtime.db, page)
    by_default = request.runtime.settings.trendable_by_default
    return rows_response(
        request, found, lambda one: publisher_entity(one, by_default=by_default), page
    )


async def approve_publisher(request: Request) -> Response:
    """Its pages may trend."""
    return await _review_publisher(request, trendable=True)


async def reject_publisher(request: Request) -> Response:
    """They may not."""
    return await _review_publisher(request, trendable=False)


async def _tags(request: Request, found: Sequence[ReviewedTag]) -> list[dict[str, object]]:
    uses = await tags.use_of_tags(request.runtime.db, [tag.name for tag in found])
    by_default = request.runtime.settings.trendable_by_default
    return [
        admin_tag_entity(tag, uses[tag.name], request.addresses, by_default=by_default)
        for tag in found
    ]


async def _tag(request: Request) -> Response:
    tag = await reviewed_tags.get_tag(request.runtime.db, request.path_id())
    return json_response((await _tags(request, [tag]))[0])


async def _review_tag(request: Request, *, trendable: bool) -> Response:
    await review.set_tag_trendable(
        request.runtime, request.member_id, request.path_id(), trendable=trendable
    )
    return await _tag(request)


async def _review_status(request: Request, *, trendable: bool) -> Response:
    status_id = request.path_id()
    await review.review_status(request.runtime, request.member_id, status_id, trendable=trendable)
    found = await _statuses(request, [status_id])
    if status_id not in found:
        raise NotFound
    return json_response(found[status_id])


async def _statuses(request: Request, ids: Sequence[int]) -> dict[int, dict[str, object]]:
    """Posts by id, and whether moderators have still to look at them."""
    reviewed = await trends.list_reviewed(request.runtime.db, ids)
    return {
        status_id: {**orjson.loads(body), "requires_review": status_id not in reviewed}
        for status_id, body in (await render_statuses(request, ids)).items()
    }


async def _review_link(request: Request, *, trendable: bool) -> Response:
    card_id, db = request.path_id(), request.runtime.db
    await review.review_link(request.runtime, request.member_id, card_id, trendable=trendable)
    found = await link_trends.list_trends(db, 0, 1, by_default=None, card_id=card_id)
    if not found:
        raise NotFound
    return json_response(admin_link_entity(found[0], request.addresses))


async def _review_publisher(request: Request, *, trendable: bool) -> Response:
    publisher = await review.review_publisher(
        request.runtime, request.member_id, request.path_id(), trendable=trendable
    )
    by_default = request.runtime.settings.trendable_by_default
    return json_response(publisher_entity(publisher, by_default=by_default))
