"""Following, answering and boosting across servers, without JavaScript.

A visitor of ours says where their own server is and goes on there; a member comes back from
elsewhere with what was found there, and does something with it.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode, urlsplit

from starlette.responses import RedirectResponse, Response

from federation.discovery import webfinger
from federation.errors import RemoteError
from server.actions.boost import boost_status
from server.actions.favourite import favourite_status
from server.actions.follow import follow_account, unfollow_account
from server.errors import Invalid, NotFound
from server.remote import resolve
from server.runtime import Runtime
from server.store import favourites, statuses, timelines
from server.store.account_views import get_account_view
from server.store.accounts import Account
from server.store.pages import Page
from server.store.relationships import load_relationships
from server.store.sessions import Session
from server.store.status_views import get_status_view, load_status_views
from server.store.statuses import Status
from web.pages import sessions
from web.pages.forms import PageForm, read_form
from web.pages.posts import about_values, person_values, posts_values, thread_values
from web.pages.rendering import render
from web.pages.share import share_form
from web.params import read_params
from web.rates import Rates
from web.request import Request

PATH = "/interact"
_POSTS = 20


class VisitorForm(PageForm):
    """What of ours (`uri`) somebody wants to reach, and who they are elsewhere."""

    uri: str = ""
    handle: str = ""


class MemberForm(PageForm):
    """An address or handle of anything (`acct` is an older name), and what is done with it."""

    uri: str = ""
    acct: str = ""
    act: str = ""
    id: int = 0


async def ask_visitor(request: Request) -> Response:
    """Where is your own server? A member goes on at once."""
    form = await read_params(request, VisitorForm)
    found = await _own(request, form.uri)
    if await sessions.current(request):
        return _to_member(found.uri)
    return await _visitor_page(request, found, form.handle)


async def send_visitor(request: Request) -> Response:
    """Off to the page that the visitor's own server names for this, on that very server."""
    form = await read_form(request, VisitorForm)
    sessions.check_origin(request)  # nobody's page can use us as a signpost
    found = await _own(request, form.uri)
    rates: Rates = request.app.state.rates
    rates.count_visitor(request)
    handle = webfinger.parse_handle(form.handle)
    if handle is None:
        return await _visitor_page(request, found, form.handle, "interact.no_handle")
    if request.addresses.is_own_domain(handle[1]):
        return _to_member(found.uri)
    runtime = request.runtime
    scheme = urlsplit(runtime.settings.origin).scheme
    try:
        address = await webfinger.find_interaction(runtime.http, *handle, found.uri, scheme)
    except RemoteError:
        return await _visitor_page(request, found, form.handle, "interact.no_server")
    return RedirectResponse(address, 303, {"Referrer-Policy": "no-referrer"})


async def show(request: Request) -> Response:
    """What a member found elsewhere, with what can be done with it."""
    form = await read_params(request, MemberForm)
    session = await sessions.current(request)
    uri = form.uri or form.acct
    if session is None:
        return sessions.to_sign_in(f"/authorize_interaction?{urlencode({'uri': uri})}")
    uri = uri.strip()
    found = await _resolve(request.runtime, uri)
    if isinstance(found, Account) and not found.suspended_at:
        return await _account_page(request, session, found, uri)
    if isinstance(found, Status):
        db, member_id = request.runtime.db, session.account_id
        if await statuses.list_visible(db, [found.id], member_id):
            return await _status_page(request, session, found.id, uri)
    status = 404 if uri else 200  # who names nothing is asked for it
    return render(request, "interaction_unknown.html", status, session=session, uri=uri)


async def act(request: Request) -> Response:
    """Do it, and show how it stands now. Raises NotFound, Forbidden."""
    form = await read_params(request, MemberForm)
    session = await sessions.current(request)
    if session is None:
        return sessions.to_sign_in(f"/authorize_interaction?{urlencode({'uri': form.uri})}")
    sessions.check_csrf(request, form.csrf)
    if form.act not in _ACTS:
        raise Invalid("This cannot be done")
    await _ACTS[form.act](request.runtime, session.account_id, form.id)
    return RedirectResponse(f"/authorize_interaction?{urlencode({'uri': form.uri})}", 303)


async def _follow(runtime: Runtime, account_id: int, target_id: int) -> None:
    await follow_account(
        runtime, account_id, target_id, show_boosts=True, notify_posts=False, languages=None
    )


async def _boost(runtime: Runtime, account_id: int, status_id: int) -> None:
    await boost_status(runtime, account_id, status_id)


_ACTS: dict[str, Callable[[Runtime, int, int], Awaitable[None]]] = {
    "follow": _follow,
    "unfollow": unfollow_account,
    "boost": _boost,
    "favourite": favourite_status,
}


def _to_member(uri: str) -> Response:
    return RedirectResponse(f"/authorize_interaction?{urlencode({'uri': uri})}", 303)


async def _own(request: Request, uri: str) -> Account | Status:
    """An account or post of ours that everybody may see. Raises NotFound."""
    is_own = uri.startswith(f"{request.addresses.origin}/")
    found = await resolve.find_known(request.runtime, uri) if is_own else None
    if isinstance(found, Status) and found.local:
        return await statuses.get_visible_status(request.runtime.db, found.id, None)
    if not isinstance(found, Account) or not found.is_local:
        raise NotFound
    if found.suspended_at or found.actor_type == "Application":
        raise NotFound
    return found


async def _resolve(runtime: Runtime, uri: str) -> Account | Status | None:
    here = f"{uri}@{runtime.addresses.domain}"  # who types a mere name means one of ours
    if handle := webfinger.parse_handle(uri) or webfinger.parse_handle(here):
        return await resolve.resolve_handle(runtime, *handle)
    if uri.startswith(("https://", "http://")):
        found = await resolve.resolve_uri(runtime, uri)
        return found if isinstance(found, Account | Status) else None
    return None


async def _visitor_page(
    request: Request, found: Account | Status, handle: str, problem: str | None = None
) -> Response:
    is_account = isinstance(found, Account)
    account_id = found.id if isinstance(found, Account) else found.account_id
    return render(
        request,
        "interact.html",
        422 if problem else 200,
        form_targets=["https:"] if request.runtime.settings.is_https else ["https:", "http:"],
        person=person_values(await get_account_view(request.runtime.db, account_id), request),
        is_account=is_account,
        uri=found.uri,
        handle=handle,
        problem=problem,
    )


async def _account_page(request: Request, session: Session, account: Account, uri: str) -> Response:
    db = request.runtime.db
    [relation] = await load_relationships(db, session.account_id, [account.id])
    ids = await timelines.account_page(
        db, account.id, session.account_id, Page(_POSTS), exclude_replies=True
    )
    views = await load_status_views(db, ids)
    return render(
        request,
        "interaction_account.html",
        session=session,
        person=person_values(await get_account_view(db, account.id), request),
        account=account,
        is_me=account.id == session.account_id,
        relation=relation,
        uri=uri,
        shown=await posts_values(request, views, session.account_id),
        **about_values(account, request),
    )


async def _status_page(request: Request, session: Session, status_id: int, uri: str) -> Response:
    db = request.runtime.db
    view = await get_status_view(db, status_id)
    author = view.account.account
    mention = "" if author.id == session.account_id else f"@{author.acct} "
    shown_to = view.status.visibility  # an answer is not wider than what it answers
    form = await share_form(
        request,
        session,
        text=mention,
        visibility=None if shown_to == "public" else shown_to,
        in_reply_to_id=status_id,
    )
    return render(
        request,
        "interaction_status.html",
        session=session,
        author=author.display_name or author.username,
        is_boosted=await statuses.find_boost(db, session.account_id, status_id) is not None,
        is_favourite=await favourites.is_favourite(db, session.account_id, status_id),
        may_boost=view.status.visibility in {"public", "unlisted"},
        uri=uri,
        **await thread_values(request, status_id, session.account_id),
        **form,
    )
