"""Pages for everybody: the instance, profiles, posts. Small, without JavaScript."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from federation.documents.tag import fold_hashtag
from server.errors import NotFound
from server.store import (
    chosen_languages,
    collections,
    favourites,
    instance_texts,
    local_accounts,
    statuses,
    suggestions,
    tags,
    timelines,
)
from server.store.account_views import load_account_views
from server.store.database import Database
from server.store.pages import Page
from server.store.sessions import Session
from server.store.status_views import load_status_views
from server.store.timelines import Selection
from server.text.sanitize import plain_text
from web.activitypub.answers import wants_activity
from web.activitypub.statuses import status_response
from web.feeds import is_open_to
from web.pages import sessions
from web.pages.person import activity_link, local_account
from web.pages.posts import older, person_values, post_values, posts_values, thread_values
from web.pages.rendering import language_names, render
from web.pagination import read_offset, read_page
from web.request import Request

_POSTS = 20
_PEOPLE = 40


async def home(request: Request) -> Response:
    """The instance: what it is, how to connect, what was posted lately in public."""
    db = request.runtime.db
    members, _, _, posts = await local_accounts.count_local(db)
    session = await sessions.current(request)
    viewer_id = session.account_id if session else None
    is_open = is_open_to(request.runtime.settings, "live", "local", session)
    ids, page = [], read_page(request, _POSTS, _POSTS)
    if is_open:
        ids = await timelines.public_page(db, viewer_id, page, Selection(local=True))
    views = await load_status_views(db, ids)
    return render(
        request,
        "home.html",
        session=session,
        is_open=is_open,
        has_terms=await instance_texts.has_terms(db),
        chosen=await chosen_languages.list_chosen(db, viewer_id) if viewer_id else [],
        names=language_names(request),
        members=members,
        posts=posts,
        older=older(ids, page),
        shown=await posts_values(request, views, viewer_id),
    )


async def post(request: Request) -> Response:
    """A post with its thread, as far as it is for the reader; the Note for who asks for that."""
    account = await local_account(request)
    db = request.runtime.db
    session = None if wants_activity(request) else await sessions.current(request)
    viewer_id = session.account_id if session else None
    status = await statuses.get_visible_status(db, request.path_id(), viewer_id)
    if status.account_id != account.id:
        raise NotFound
    if wants_activity(request):
        return await status_response(request, status)
    if status.boost_of_id:
        [view] = await load_status_views(db, [status.boost_of_id])
        return RedirectResponse(str(post_values(view, request)["url"]), 302)
    page = request.addresses.status_url(account.username, status.id)
    return render(
        request,
        "status.html",
        session=session,
        name=account.display_name or account.username,
        indexable=account.indexable,
        oembed=f"{request.addresses.origin}/api/oembed?{urlencode({'url': page})}",
        headers={"Link": activity_link(status.uri)},
        **await thread_values(request, status.id, viewer_id),
    )


async def boosters(request: Request) -> Response:
    """Who boosted a post."""
    return await _people_of_post(request, "boosts", statuses.booster_page)


async def favouriters(request: Request) -> Response:
    """Who likes a post."""
    return await _people_of_post(request, "favourites", favourites.favouriter_page)


async def _people_of_post(
    request: Request,
    name: str,
    read: Callable[[Database, int, int | None, Page], Awaitable[list[tuple[int, int]]]],
) -> Response:
    """Those whom the reader may see and wants to. Raises NotFound with the post."""
    account = await local_account(request)
    db, page = request.runtime.db, read_page(request, _PEOPLE, _PEOPLE)
    session = await sessions.current(request)
    viewer_id = session.account_id if session else None
    status = await statuses.get_visible_status(db, request.path_id(), viewer_id)
    if status.account_id != account.id or status.boost_of_id:
        raise NotFound
    rows = await read(db, status.id, viewer_id, page)
    views = await load_account_views(db, [account_id for _, account_id in rows])
    return render(
        request,
        "post_people.html",
        session=session,
        heading=name,
        name=account.display_name or account.username,
        url=request.addresses.status_url(account.username, status.id),
        people=[person_values(views[id_], request) for _, id_ in rows if id_ in views],
        older=older([row_id for row_id, _ in rows], page),
    )


async def embed(request: Request) -> Response:
    """A post alone, for a frame in somebody else's page."""
    account = await local_account(request)
    db = request.runtime.db
    status = await statuses.get_visible_status(db, request.path_id(), None)
    if status.account_id != account.id or status.boost_of_id:
        raise NotFound
    [view] = await load_status_views(db, [status.id])
    return render(
        request,
        "embed.html",
        frame_ancestors="*",
        name=account.display_name or account.username,
        shown=(await posts_values(request, [view]))[0],
    )


async def tag(request: Request) -> Response:
    """Posts with a hashtag that the reader's apps would show."""
    name = fold_hashtag(request.path_params["name"])
    session = await sessions.current(request)
    page = read_page(request, _POSTS, _POSTS)
    ids = await tagged_ids(request, name, page, session)
    db, viewer_id = request.runtime.db, session.account_id if session else None
    views = await load_status_views(db, ids)
    return render(
        request,
        "tag.html",
        session=session,
        name=name,
        written=(await tags.use_of_tags(db, [name]))[name].written,
        is_followed=viewer_id is not None and await tags.is_followed(db, viewer_id, name),
        older=older(ids, page),
        shown=await posts_values(request, views, viewer_id),
    )


async def tagged_ids(request: Request, name: str, page: Page, session: Session | None) -> list[int]:
    """A page of the posts with a hashtag that the settings open to the reader."""
    selection = _open_part(request, session)
    if selection is None:
        return []
    viewer_id = session.account_id if session else None
    return await timelines.tag_page(request.runtime.db, viewer_id, [name], [], [], page, selection)


async def directory(request: Request) -> Response:
    """Members who want to be found, who posted last first."""
    db, offset = request.runtime.db, read_offset(request)
    session = await sessions.current(request)
    viewer_id = session.account_id if session else None
    ids = await suggestions.list_directory(
        db, viewer_id, "active", local=True, limit=_PEOPLE, offset=offset
    )
    views = await load_account_views(db, ids)
    return render(
        request,
        "directory.html",
        session=session,
        people=[
            {**person_values(views[i], request), "note": plain_text(views[i].account.note)}
            for i in ids
            if i in views
        ],
        further=offset + _PEOPLE if len(ids) == _PEOPLE else None,
    )


async def collection(request: Request) -> Response:
    """Accounts that a member shows to others under a name."""
    db = request.runtime.db
    found = await collections.get_collection(db, request.path_id(), None)
    if found.uri:
        raise NotFound  # it has a page where it comes from
    views = await load_account_views(
        db, [found.account_id, *(item.account_id for item in found.items)]
    )
    return render(
        request,
        "collection.html",
        session=await sessions.current(request),
        collection=found,
        owner=person_values(views[found.account_id], request),
        people=[person_values(views[item.account_id], request) for item in found.items],
    )


def _open_part(request: Request, session: Session | None) -> Selection | None:
    """The part of a hashtag's posts that the settings open to the reader; None for nothing."""
    settings = request.runtime.settings
    local = is_open_to(settings, "hashtag", "local", session)
    remote = is_open_to(settings, "hashtag", "remote", session)
    if not local and not remote:
        return None
    return Selection() if local and remote else Selection(local=local, remote=remote)
