"""Actors of our accounts and their collections."""

from collections.abc import Sequence

from starlette.responses import RedirectResponse, Response

from federation.documents.collection import build_collection, build_page
from federation.documents.context import NOTE_CONTEXT
from federation.documents.reading import Document
from federation.documents.tag import build_hashtag
from federation.origins import origin_of
from server.errors import NotFound, Unauthorized
from server.outbox.objects import actor_document
from server.outbox.statuses import announce_activity, create_activity, load_notes
from server.store import (
    accounts,
    actor_keys,
    featured_tags,
    follows,
    pins,
    timelines,
)
from server.store.account_views import get_account_view
from server.store.accounts import Account
from server.store.pages import Page
from server.store.status_views import load_status_views
from web.activitypub.answers import activity_response, wants_activity
from web.activitypub.asker import find_asker
from web.activitypub.owners import active_account, local_account
from web.pagination import read_page
from web.request import Request

_PAGE = 20


async def show(request: Request) -> Response:
    """The actor; who wants a page is sent to the profile.

    A suspended one says so: others must not take it for gone, since it may come back.
    """
    account = await local_account(request)
    is_person = account.actor_type != "Application"
    if is_person and not wants_activity(request) and "html" in request.headers.get("accept", ""):
        return RedirectResponse(
            request.addresses.account_url(account.username), 302, {"Vary": "Accept"}
        )
    return await actor_response(request, account)


async def actor_response(request: Request, account: Account) -> Response:
    """The document of an account of ours. Raises NotFound without federation."""
    runtime = request.runtime
    if not runtime.settings.federation_enabled:
        raise NotFound
    keys = await actor_keys.list_public_keys(runtime.db, account.id)
    moved_to = await accounts.find_uri(runtime.db, account.moved_to_id)
    return activity_response(
        actor_document(account, keys, request.addresses, runtime.cipher, moved_to)
    )


async def outbox(request: Request) -> Response:
    """What the account posted in public, newest first."""
    account = await active_account(request)
    uri = request.addresses.collection(account.id, "outbox")
    view = await get_account_view(request.runtime.db, account.id)
    if request.query_params.get("page") != "true":
        return activity_response(build_collection(uri, view.statuses_count, f"{uri}?page=true"))
    page = read_page(request, _PAGE, _PAGE)
    ids = await timelines.account_page(request.runtime.db, account.id, None, page)
    views = await load_status_views(request.runtime.db, ids)
    notes = await load_notes(request.runtime.db, views, request.addresses)
    items: list[Document] = [
        announce_activity(one.status, account, one.boost_of, request.addresses)
        if one.boost_of
        else create_activity(notes[one.status.id], is_update=False)
        for one in views
    ]
    following = f"{uri}?page=true&max_id={ids[-1]}" if len(ids) == _PAGE else None
    here = f"{uri}?{request.url.query}"
    return activity_response(build_page(here, uri, items, following))


async def followers(request: Request) -> Response:
    """How many follow, and unless hidden, who."""
    account = await active_account(request)
    view = await get_account_view(request.runtime.db, account.id)
    return await _people(request, account, "followers", view.followers_count)


async def followers_part(request: Request) -> Response:
    """The followers who are of the server that asks, for its eyes alone (FEP-8fcf)."""
    account = await active_account(request)
    asker = await find_asker(request)
    if asker is None:
        raise Unauthorized("Request not signed")
    found = await follows.list_follower_uris(request.runtime.db, account.id, origin_of(asker))
    uri = request.addresses.followers_part(account.id)
    document = build_collection(uri, len(found), None)
    return activity_response({**document, "orderedItems": found}, is_public=False)


async def following(request: Request) -> Response:
    """How many the account follows, and unless hidden, whom."""
    account = await active_account(request)
    view = await get_account_view(request.runtime.db, account.id)
    return await _people(request, account, "following", view.following_count)


async def featured(request: Request) -> Response:
    """Pinned posts."""
    account = await active_account(request)
    uri = request.addresses.collection(account.id, "featured")
    items = await pins.list_pinned_uris(request.runtime.db, account.id)
    document = build_collection(uri, len(items), None)
    return activity_response({**document, "orderedItems": items})


async def tags(request: Request) -> Response:
    """Hashtags that the account shows on its profile."""
    account = await active_account(request)
    found = await featured_tags.list_featured(request.runtime.db, account.id)
    items = [build_hashtag(request.addresses.tag_url(one.name), one.name) for one in found]
    uri = request.addresses.collection(account.id, "tags")
    document = build_collection(uri, len(items), None)
    return activity_response({**document, "@context": NOTE_CONTEXT, "orderedItems": items})


async def _people(request: Request, account: Account, name: str, total: int) -> Response:
    uri = request.addresses.collection(account.id, name)
    is_hidden = account.hide_collections
    if request.query_params.get("page") != "true" or is_hidden:
        return activity_response(
            build_collection(uri, total, None if is_hidden else f"{uri}?page=true")
        )
    page = read_page(request, 40, 40)
    rows = await _rows(request, account, name, page)
    found = await accounts.list_accounts(request.runtime.db, [who for _, who in rows])
    next_page = f"{uri}?page=true&max_id={rows[-1][0]}" if len(rows) == page.limit else None
    here = f"{uri}?{request.url.query}"
    items = [one.uri for one in found]
    return activity_response(build_page(here, uri, items, next_page, total))


async def _rows(
    request: Request, account: Account, name: str, page: Page
) -> Sequence[tuple[int, int]]:
    page_of = follows.follower_page if name == "followers" else follows.following_page
    return await page_of(request.runtime.db, account.id, page)
