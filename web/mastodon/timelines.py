"""https://docs.joinmastodon.org/methods/timelines/"""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
from starlette.responses import Response

from federation.documents.tag import fold_hashtag
from server.store import bookmarks as stored_bookmarks
from server.store import favourites as stored_favourites
from server.store import lists, timelines
from server.store.timelines import Selection
from web.feeds import Kind, open_parts
from web.mastodon.pages import found_page, statuses_page, timeline_page
from web.pagination import read_page
from web.params import read_query
from web.request import Request

_MOST_TAGS = 4


class PublicQuery(msgspec.Struct):
    """Which posts; tags beside the one in the path."""

    local: bool = False
    remote: bool = False
    only_media: bool = False
    any: list[str] = []
    all: list[str] = []
    none: list[str] = []


async def home(request: Request) -> Response:
    """What those post whom one follows."""
    page = read_page(request)
    posts = await timelines.home_page(request.runtime.db, request.member_id, page)
    return await found_page(request, posts, page)


async def public(request: Request) -> Response:
    """What everybody posts in public."""
    page, query = read_page(request), read_query(request, PublicQuery)
    selection = _selection(request, "live", query)
    ids = []
    if selection:
        ids = await timelines.public_page(request.runtime.db, request.viewer_id, page, selection)
    return await timeline_page(request, ids, page)


async def bubble(request: Request) -> Response:
    """What is posted in public here and on the instances of the setting `timelines_bubble_domains`.

    The address is Akkoma's; clients show it as a timeline of its own.
    """
    page, query = read_page(request), read_query(request, PublicQuery)
    selection = _selection(request, "live", query)
    ids = []
    if selection:
        domains = request.runtime.settings.timelines_bubble_domains
        selection = replace(selection, domains=[domain.lower() for domain in domains])
        ids = await timelines.public_page(request.runtime.db, request.viewer_id, page, selection)
    return await timeline_page(request, ids, page)


async def tag(request: Request) -> Response:
    """Public posts with a hashtag."""
    page, query = read_page(request), read_query(request, PublicQuery)
    selection = _selection(request, "hashtag", query)
    if selection is None:
        return await timeline_page(request, [], page)
    any_of = [request.path_params["hashtag"], *query.any[:_MOST_TAGS]]
    ids = await timelines.tag_page(
        request.runtime.db,
        request.viewer_id,
        _names(any_of),
        _names(query.all[:_MOST_TAGS]),
        _names(query.none[:_MOST_TAGS]),
        page,
        selection,
    )
    return await timeline_page(request, ids, page)


async def direct(request: Request) -> Response:
    """Direct posts by and for oneself."""
    page = read_page(request)
    ids = await timelines.direct_page(request.runtime.db, request.member_id, page)
    return await timeline_page(request, ids, page)


async def one_list(request: Request) -> Response:
    """What those post who are on a list."""
    db, page = request.runtime.db, read_page(request)
    found = await lists.get_list(db, request.member_id, request.path_id("list_id"))
    posts = await timelines.list_page(db, found.id, request.member_id, page)
    return await found_page(request, posts, page)


async def bookmarks(request: Request) -> Response:
    """What one keeps."""
    page = read_page(request)
    rows = await stored_bookmarks.bookmark_page(request.runtime.db, request.member_id, page)
    return await statuses_page(request, rows, page)


async def favourites(request: Request) -> Response:
    """What one likes."""
    page = read_page(request)
    rows = await stored_favourites.favourite_page(request.runtime.db, request.member_id, page)
    return await statuses_page(request, rows, page)


def _selection(request: Request, kind: Kind, query: PublicQuery) -> Selection | None:
    """What is asked for and open; None for nothing. Raises Unauthorized."""
    parts = open_parts(request, kind, local=query.local, remote=query.remote)
    if not parts:
        return None
    is_whole = parts == {"local", "remote"}
    return Selection(
        query.local if is_whole else "local" in parts,
        query.remote if is_whole else "remote" in parts,
        query.only_media,
    )


def _names(written: Sequence[str]) -> list[str]:
    """Hashtags as they are stored; some clients send the # along."""
    return [fold_hashtag(name.removeprefix("#")) for name in written]
