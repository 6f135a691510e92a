"""RSS 2.0 of what everybody may read: an account's posts, and those with a hashtag.

Addresses and contents as Mastodon's: https://docs.joinmastodon.org/user/discoverability/#rss
"""

import re
from email.utils import format_datetime
from typing import Any

from starlette.responses import Response

from federation.documents.tag import fold_hashtag
from server.store import timelines
from server.store.account_views import get_account_view
from server.store.accounts import Account
from server.store.pages import Page
from server.store.status_views import load_status_views
from web.pages import public
from web.pages.person import local_account
from web.pages.posts import person_values, posts_values
from web.pages.rendering import render_text
from web.request import Request

_POSTS = 20
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


async def profile(request: Request) -> Response:
    """An account's own posts, without its answers to others and boosts."""
    return await _of_account(request, await local_account(request), exclude_replies=True)


async def with_replies(request: Request) -> Response:
    """The same with its answers."""
    return await _of_account(request, await local_account(request))


async def media(request: Request) -> Response:
    """Those with pictures, sound or film; of answers as on the page, as their author wants it."""
    account = await local_account(request)
    return await _of_account(
        request, account, only_media=True, exclude_replies=not account.show_media_replies
    )


async def tagged(request: Request) -> Response:
    """Those with a hashtag."""
    account = await local_account(request)
    return await _of_account(request, account, tagged=fold_hashtag(request.path_params["tag"]))


async def tag(request: Request) -> Response:
    """Public posts with a hashtag, as far as the settings open them to everybody."""
    name = fold_hashtag(request.path_params["name"])
    return await _feed(
        request,
        await public.tagged_ids(request, name, Page(_POSTS), None),
        title=f"#{name}",
        description=f"Public posts tagged #{name}",
        link=request.addresses.tag_url(name),
        picture=None,
    )


async def _of_account(request: Request, account: Account, **selection: Any) -> Response:
    db = request.runtime.db
    person = person_values(await get_account_view(db, account.id), request)
    ids = await timelines.account_page(
        db, account.id, None, Page(_POSTS), exclude_boosts=True, **selection
    )
    return await _feed(
        request,
        ids,
        title=person["name"],
        description=f"Public posts from {person['handle']}",
        link=person["url"],
        picture=person["avatar"],
    )


async def _feed(request: Request, ids: list[int], **channel: str | None) -> Response:
    views = await load_status_views(request.runtime.db, ids)
    shown = await posts_values(request, views)
    text = render_text("rss.xml", posts=shown, date=format_datetime, **channel)
    return Response(
        _NO_XML.sub("", text),
        media_type="application/rss+xml; charset=utf-8",
        headers={"Cache-Control": "public, max-age=60"},
    )
