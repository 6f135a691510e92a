"""Our posts and boosts as ActivityPub objects."""

from collections.abc import Sequence

from starlette.responses import RedirectResponse, Response

from federation.documents.collection import build_page
from federation.documents.context import ACTIVITY_STREAMS
from federation.documents.reading import Document
from server.errors import NotFound
from server.outbox.statuses import announce_activity, create_activity, load_note
from server.store import status_views, statuses, threads, tombstones
from server.store.status_views import StatusView
from server.store.statuses import Status
from web.activitypub.answers import activity_response, wants_activity
from web.activitypub.asker import find_asker_id
from web.request import Request

_PAGE = 50  # a page


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
    """The answers, favourites or boosts of a post as they stand in it; all answers by pages."""
    view, is_public = await _view(request)
    name = request.path_params["name"]
    if name not in {"replies", "likes", "shares"} or view.boost_of is not None:
        raise NotFound
    if name == "replies" and (after := _page(request)) is not None:
        rows = await threads.list_answer_uris(request.runtime.db, view.status.id, after, _PAGE)
        document = _uris_page(request, f"{view.status.uri}/{name}", rows)
    else:
        note = await load_note(request.runtime.db, view, request.addresses)
        document = {"@context": ACTIVITY_STREAMS, **note[name]}
    return activity_response(document, is_public=is_public)


async def context(request: Request) -> Response:
    """A thread that began here, as far as everybody may see it (FEP-7888)."""
    db, thread_id = request.runtime.db, request.path_id()
    root = await statuses.find_status(db, thread_id)
    if root is None or not root.local or not request.runtime.settings.federation_enabled:
        raise NotFound
    uri, after = request.addresses.context(thread_id), _page(request)
    if after is None:
        document = {
            "@context": ACTIVITY_STREAMS,
            "id": uri,
            "type": "OrderedCollection",
            "first": f"{uri}?page=true",
        }
        return activity_response(document)
    rows = await threads.list_thread_uris(db, thread_id, after, _PAGE)
    return activity_response(_uris_page(request, uri, rows))


def _page(request: Request) -> int | None:
    """After which id the page begins that is asked for; None for the collection itself."""
    if request.query_params.get("page") != "true":
        return None
    after = request.query_params.get("min_id", "")
    return int(after) if after.isdecimal() and len(after) < 19 else 0


def _uris_page(request: Request, uri: str, rows: Sequence[tuple[int, str]]) -> Document:
    following = f"{uri}?page=true&min_id={rows[-1][0]}" if len(rows) == _PAGE else None
    here = f"{uri}?{request.url.query}"
    return build_page(here, uri, [one for _, one in rows], following)


async def status_response(request: Request, status: Status) -> Response:
    """The document of a public post of ours, at the address of its page.

    Raises NotFound without federation.
    """
    if not request.runtime.settings.federation_enabled:
        raise NotFound
    view = await status_views.get_status_view(request.runtime.db, status.id)
    return activity_response(await _document(request, view))


async def _view(request: Request) -> tuple[StatusView, bool]:
    """The post, for who asks, and whether everybody may see it. Raises NotFound."""
    if not request.runtime.settings.federation_enabled:
        raise NotFound
    db, status_id = request.runtime.db, request.path_id()
    asker = await find_asker_id(request)
    status = await statuses.get_visible_status(db, status_id, asker)
    if not status.local:
        raise NotFound
    view = await status_views.get_status_view(db, status_id)
    return view, asker is None


async def _document(request: Request, view: StatusView) -> Document:
    if view.boost_of:
        account = view.account.account
        return announce_activity(view.status, account, view.boost_of, request.addresses)
    return await load_note(request.runtime.db, view, request.addresses)


async def _gone(request: Request) -> Response:
    uri = request.addresses.status_uri(request.path_id())
    if not await tombstones.was_here(request.runtime.db, uri):
        raise NotFound
    document = {"@context": ACTIVITY_STREAMS, "id": uri, "type": "Tombstone"}
    return activity_response(document, 410)
