"""Addresses here of what others wrote, as apps and Mastodon's own web make them when one shares.

There is no page for it here: it has one where it comes from. A visitor is told that they leave, and
goes by a click of their own; a member goes on to what can be done with it. Whatever is not known
here leads nowhere, so nobody can use this as a signpost of theirs.
"""

from urllib.parse import quote, urlencode

from starlette.responses import RedirectResponse, Response

from server.errors import Gone, NotFound
from server.remote import resolve
from server.store import statuses
from server.store.account_views import get_account_view
from server.store.accounts import Account
from server.store.status_views import get_status_view
from web.activitypub.answers import wants_activity
from web.pages import sessions
from web.pages.posts import person_values, post_values
from web.pages.rendering import render
from web.request import Request


async def account(request: Request) -> Response:
    """`/@name@host`. Raises NotFound, Gone."""
    name, domain = (quote(request.path_params[part]) for part in ("username", "domain"))
    found = await resolve.find_known(
        request.runtime, f"{request.addresses.origin}/@{name}@{domain}"
    )
    if not isinstance(found, Account) or found.suspended_at:
        raise NotFound
    if found.erased_at:
        raise Gone("This account is gone")
    if not found.is_local and wants_activity(request):
        return _to_document(found.uri)
    person = person_values(await get_account_view(request.runtime.db, found.id), request)
    if found.is_local:
        return RedirectResponse(person["url"], 302)
    return await _lead(request, found.uri, person["url"], person)


async def below_account(request: Request) -> Response:
    """A post by its id; lists of what somebody wrote or whom they follow are where they are."""
    return await (status if request.path_params["id"].isdecimal() else account)(request)


async def status(request: Request) -> Response:
    """`/@name@host/ID` and `/statuses/ID`. Raises NotFound."""
    db = request.runtime.db
    session = None if wants_activity(request) else await sessions.current(request)
    viewer_id = session.account_id if session else None
    found = await statuses.get_visible_status(db, request.path_id(), viewer_id)
    view = await get_status_view(db, found.id)
    original = (view.boost_of or view).status
    if not original.local and wants_activity(request):
        return _to_document(original.uri)
    values = post_values(view, request)
    if original.local:
        return RedirectResponse(str(values["url"]), 302)
    return await _lead(request, original.uri, str(values["url"]), values["person"])


def _to_document(uri: str) -> Response:
    """For other servers, which ask with the address that somebody gave them."""
    return RedirectResponse(uri, 302, {"Vary": "Accept"})


async def _lead(request: Request, uri: str, url: str, person: object) -> Response:
    way_in = f"/authorize_interaction?{urlencode({'uri': uri})}"
    if await sessions.current(request):
        return RedirectResponse(way_in, 302)
    return render(
        request,
        "elsewhere.html",
        person=person,
        url=url,
        way_in=way_in,
        headers={"Referrer-Policy": "no-referrer"},
    )
