"""The pages of somebody of ours: what they posted, what they show to others, who follows whom.

Their addresses are Mastodon's, since apps open them.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from federation.documents.tag import fold_hashtag
from server.actions.pin import MOST_PINS
from server.errors import Gone, NotFound
from server.store import accounts, collections, endorsements, featured_tags, follows, timelines
from server.store.account_views import get_account_view, load_account_views
from server.store.accounts import Account
from server.store.collections import MOST_COLLECTIONS
from server.store.pages import Page
from server.store.sessions import Session
from server.store.status_views import load_status_views
from server.text.sanitize import plain_text
from web.activitypub.actors import actor_response
from web.activitypub.answers import wants_activity
from web.entities.account import header_url
from web.pages import sessions
from web.pages.posts import about_values, older, person_values, posts_values
from web.pages.rendering import render
from web.pagination import read_page
from web.request import Request

_POSTS = 20
_PEOPLE = 40


TabPage = Callable[[Request, Account, Session | None], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def _tab(page: TabPage) -> Endpoint:
    """A page of theirs; the actor, which is there while suspended, for who asks for that."""

    @wraps(page)
    async def shown(request: Request) -> Response:
        if wants_activity(request):
            return await actor_response(request, await _known_account(request))
        return await page(request, await local_account(request), await sessions.current(request))

    return shown


@_tab
async def show(request: Request, account: Account, session: Session | None) -> Response:
    """What somebody said, what is pinned first."""
    page, viewer_id = read_page(request, _POSTS, _POSTS), _viewer_id(session)
    db, pinned = request.runtime.db, []
    if page.max_id is None:
        pinned = await timelines.account_page(
            db, account.id, viewer_id, Page(MOST_PINS), pinned=True
        )
    ids = await timelines.account_page(db, account.id, viewer_id, page, exclude_replies=True)
    return await _posts_page(request, account, session, "posts", page, ids, pinned)


@_tab
async def with_replies(request: Request, account: Account, session: Session | None) -> Response:
    """The same with their answers to others."""
    page = read_page(request, _POSTS, _POSTS)
    ids = await timelines.account_page(request.runtime.db, account.id, _viewer_id(session), page)
    return await _posts_page(request, account, session, "with_replies", page, ids)


@_tab
async def media(request: Request, account: Account, session: Session | None) -> Response:
    """What has pictures, sound or film; that in answers as their author wants it."""
    page = read_page(request, _POSTS, _POSTS)
    ids = await timelines.account_page(
        request.runtime.db,
        account.id,
        _viewer_id(session),
        page,
        only_media=True,
        exclude_replies=not account.show_media_replies,
    )
    return await _posts_page(request, account, session, "media", page, ids)


@_tab
async def tagged(request: Request, account: Account, session: Session | None) -> Response:
    """What they posted with a hashtag."""
    page, tag = read_page(request, _POSTS, _POSTS), request.path_params["tag"]
    ids = await timelines.account_page(
        request.runtime.db, account.id, _viewer_id(session), page, tagged=fold_hashtag(tag)
    )
    return await _posts_page(request, account, session, "tagged", page, ids, heading=f"#{tag}")


@_tab
async def featured(request: Request, account: Account, session: Session | None) -> Response:
    """Hashtags, collections and people that they show to others."""
    db, viewer_id = request.runtime.db, _viewer_id(session)
    rows = await endorsements.endorsement_page(db, account.id, viewer_id, Page(_PEOPLE))
    return await _page(
        request,
        "profile_featured.html",
        account,
        session,
        "featured",
        tags=await featured_tags.list_featured(db, account.id),
        collections=await collections.list_of_account(
            db, account.id, viewer_id, MOST_COLLECTIONS, 0
        ),
        people=await _people(request, rows),
    )


@_tab
async def followers(request: Request, account: Account, session: Session | None) -> Response:
    """Who follows them, unless they hide that."""
    page, viewer_id = read_page(request, _PEOPLE, _PEOPLE), _viewer_id(session)
    is_hidden = await follows.are_hidden(request.runtime.db, account, viewer_id)
    rows = []
    if not is_hidden:
        rows = await follows.follower_page(request.runtime.db, account.id, page, viewer_id)
    return await _people_page(request, account, session, "followers", page, rows, is_hidden)


@_tab
async def following(request: Request, account: Account, session: Session | None) -> Response:
    """Whom they follow, unless they hide that."""
    page, viewer_id = read_page(request, _PEOPLE, _PEOPLE), _viewer_id(session)
    is_hidden = await follows.are_hidden(request.runtime.db, account, viewer_id)
    rows = []
    if not is_hidden:
        rows = await follows.following_page(request.runtime.db, account.id, page, viewer_id)
    return await _people_page(request, account, session, "following", page, rows, is_hidden)


async def local_account(request: Request) -> Account:
    """The account of ours that the path names. Raises NotFound, also of a suspended one; Gone."""
    account = await _known_account(request)
    if account.suspended_at:
        raise NotFound
    return account


def activity_link(uri: str) -> str:
    """For who reads no HTML: where the ActivityPub object is (RFC 8288)."""
    return f'<{uri}>; rel="alternate"; type="application/activity+json"'


async def _known_account(request: Request) -> Account:
    """The same, suspended or not. Raises NotFound; Gone for one that is erased."""
    account = await accounts.find_by_handle(
        request.runtime.db, request.path_params["username"], None
    )
    if account is None or account.actor_type == "Application":
        raise NotFound
    if account.erased_at:
        raise Gone("This account is gone")
    return account


def _viewer_id(session: Session | None) -> int | None:
    return session.account_id if session else None


async def _posts_page(
    request: Request,
    account: Account,
    session: Session | None,
    tab: str,
    page: Page,
    ids: list[int],
    pinned: list[int] | None = None,
    **values: Any,
) -> Response:
    pinned = pinned or []
    views = await load_status_views(request.runtime.db, [*pinned, *ids])
    return await _page(
        request,
        "profile.html",
        account,
        session,
        tab,
        pinned=len(pinned),
        shown=await posts_values(request, views, _viewer_id(session)),
        older=older(ids, page),
        **values,
    )


async def _people_page(
    request: Request,
    account: Account,
    session: Session | None,
    tab: str,
    page: Page,
    rows: list[tuple[int, int]],
    is_hidden: bool,
) -> Response:
    return await _page(
        request,
        "profile_people.html",
        account,
        session,
        tab,
        people=await _people(request, rows),
        older=older([row_id for row_id, _ in rows], page),
        is_hidden=is_hidden,
    )


async def _people(request: Request, rows: list[tuple[int, int]]) -> list[dict[str, str]]:
    views = await load_account_views(request.runtime.db, [account_id for _, account_id in rows])
    return [person_values(views[id_], request) for _, id_ in rows if id_ in views]


async def _page(
    request: Request,
    template: str,
    account: Account,
    session: Session | None,
    tab: str,
    heading: str | None = None,
    **values: Any,
) -> Response:
    """A page of theirs, with what stands on top of each."""
    view = await get_account_view(request.runtime.db, account.id)
    addresses = request.addresses
    return render(
        request,
        template,
        session=session,
        view=view,
        person=person_values(view, request),
        tab=tab,
        heading=heading,
        tabs=_tabs(account),
        subscription_url=addresses.subscription_url(account.username)
        if view.is_mailed and addresses.mails_posts
        else None,
        header=header_url(account, addresses, still=True) if account.header_file else None,
        text=plain_text(account.note),
        headers={"Link": f"{_webfinger_link(request, account)}, {activity_link(account.uri)}"},
        **about_values(account, request),
        **values,
    )


def _tabs(account: Account) -> dict[str, str]:
    """What can be looked at, and where: what somebody does not want to show has no tab."""
    start = f"/@{account.username}"
    tabs = {"posts": start, "with_replies": f"{start}/with_replies"}
    if account.show_media:
        tabs["media"] = f"{start}/media"
    if account.show_featured:
        tabs["featured"] = f"{start}/featured"
    return tabs


def _webfinger_link(request: Request, account: Account) -> str:
    resource = quote(f"acct:{account.username}@{request.addresses.domain}", safe="")
    address = f"{request.addresses.origin}/.well-known/webfinger?resource={resource}"
    return f'<{address}>; rel="lrdd"; type="application/jrd+json"'
