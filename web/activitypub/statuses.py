"""Our posts and boosts as ActivityPub objects."""

from starlette.responses import RedirectResponse, Response

from federation.documents.collection import build_collection
from federation.documents.context import ACTIVITY_STREAMS
from federation.documents.reading import Document
from server.errors import NotFound
from server.outbox.statuses import announce_activity, create_activity, load_note
from server.store import accounts, status_views, statuses, tombstones
from server.store.status_views import StatusView
from server.store.statuses import Status
from web.activitypub.answers import activity_response, wants_activity
from web.activitypub.asker import find_asker
from web.request import Request


async def show(request: Request) -> Response:
    """The Note (or the Announce of a boost); 410 with a Tombstone for one that was deleted."""
    try:
        view, is_public = await _view(request)
    except NotFound:
        return await _gone(request)
    if not wants_activity(request) and "html" in request.headers.get("accept", ""):
        account = view.account.account
        url = request.addresses.status_url(account.username, view.status.id)
        return RedirectResponse(url, 302, {"Vary": "Accept"})
    return activity_response(await _document(request, view), is_public=is_public)


async def activity(request: Request) -> Response:
    """The Create of a Note."""
    view, is_public = await _view(request)
    document = await _document(request, view)
    if view.boost_of is None:
        document = create_activity(document, is_update=False)
    return activity_response(document, is_public=is_public)


async def collection(request: Request) -> Response:
    """How many answers, favourites or boosts a post has."""
    view, is_public = await _view(request)
    name = request.path_params["name"]
    totals = {
        "replies": view.replies_count,
        "likes": view.favourites_count,
        "shares": view.boosts_count,
    }
    if name not in totals:
        raise NotFound
    document = build_collection(f"{view.status.uri}/{name}", totals[name], None)
    return activity_response(document, is_public=is_public)


async def status_response(request: Request, status: Status) -> Response:
    """The document of a public post of ours, at the address of its page."""
    view = await status_views.get_status_view(request.runtime.db, status.id)
    return activity_response(await _document(request, view))


async def _view(request: Request) -> tuple[StatusView, bool]:
    """The post, for who asks, and whether everybody may see it. Raises NotFound."""
    if not request.runtime.settings.federation_enabled:
        raise NotFound
    db, status_id = request.runtime.db, request.path_id()
    asker = await _asker(request)
    status = await statuses.get_visible_status(db, status_id, asker)
    if not status.local:
        raise NotFound
    view = await status_views.get_status_view(db, status_id)
    return view, asker is None


async def _asker(request: Request) -> int | None:
    """Id of the account whose signature the request carries; None for a stranger."""
    uri = await find_asker(request)
    account = await accounts.find_by_uri(request.runtime.db, uri) if uri else None
    return account.id if account else None


async def _document(request: Request, view: StatusView) -> Document:
    if view.boost_of:
        account = view.account.account
        return announce_activity(view.status, account, view.boost_of, request.addresses)
    return await load_note(request.runtime.db, view, request.addresses)


async def _gone(request: Request) -> Response:
    uri = request.addresses.status_uri(request.path_id())
    if not await tombstones.is_buried(request.runtime.db, uri):
        raise NotFound
    document = {"@context": ACTIVITY_STREAMS, "id": uri, "type": "Tombstone"}
    return activity_response(document, 410)
