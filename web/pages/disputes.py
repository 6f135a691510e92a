"""What moderators decided about oneself, and the way to have it looked at again.

Whoever is frozen or suspended cannot sign in: the link of the mail opens the same page.
"""

from datetime import datetime

from starlette.responses import RedirectResponse, Response

from server.errors import Invalid, NotFound
from server.moderation import appeals
from server.store import reported_posts, status_views, strikes
from server.store.sessions import Session
from server.store.strikes import Strike
from web.pages import sessions
from web.pages.forms import PageForm
from web.pages.rendering import render
from web.pages.settings import for_members
from web.params import read_params
from web.request import Request


class DisputeForm(PageForm):
    """What is said to a decision; `token` is that of the mail's link."""

    token: str = ""
    text: str = ""


@for_members
async def index(request: Request, session: Session) -> Response:
    """All decisions about oneself."""
    found = await strikes.list_of_target(request.runtime.db, session.account_id)
    return render(request, "strikes.html", session=session, strikes=found)


async def show(request: Request) -> Response:
    """One decision."""
    form = await read_params(request, DisputeForm)
    strike = await _strike(request, form)
    return strike if isinstance(strike, Response) else await _page(request, form, strike)


async def appeal(request: Request) -> Response:
    """Ask to have it looked at again."""
    form = await read_params(request, DisputeForm)
    strike = await _strike(request, form)
    if isinstance(strike, Response):
        return strike
    if not form.token:
        sessions.check_csrf(request, form.csrf)
    try:
        await appeals.file_appeal(request.runtime, strike, form.text)
    except Invalid:
        return await _page(request, form, strike, problem="disputes.wrong")
    query = f"?token={form.token}" if form.token else ""
    return RedirectResponse(f"{appeals.PATH}/{strike.id}{query}", 303)


async def _strike(request: Request, form: DisputeForm) -> Strike | Response:
    """The decision, for whom it is about. Raises NotFound for others'."""
    strike_id = request.path_id()
    if form.token:
        if not appeals.is_token_of(request.runtime, form.token, strike_id):
            raise NotFound("This link is not complete or not from here.")
        return await strikes.get_strike(request.runtime.db, strike_id)
    session = await sessions.current(request)
    if session is None:
        return sessions.to_sign_in(f"{appeals.PATH}/{strike_id}")
    return await strikes.get_strike(request.runtime.db, strike_id, session.account_id)


async def _page(
    request: Request, form: DisputeForm, strike: Strike, problem: str | None = None
) -> Response:
    return render(
        request,
        "strike.html",
        422 if problem else 200,
        session=await sessions.current(request),
        strike=strike,
        posts=await _posts(request, strike),
        may_appeal=await appeals.may_appeal(request.runtime.db, strike),
        token=form.token,
        text=form.text,
        problem=problem,
    )


async def _posts(request: Request, strike: Strike) -> list[tuple[datetime, str]]:
    """When the posts that it is about were written, and what they say, or said when reported."""
    db = request.runtime.db
    said = {}
    if strike.report_id is not None:
        kept = await reported_posts.list_kept(db, strike.report_id)
        said = {post.status_id: (post.created_at, post.content) for post in kept}
    for view in await status_views.load_status_views(db, strike.status_ids):
        said[view.status.id] = (view.status.created_at, view.status.content)
    return [said[status_id] for status_id in strike.status_ids if status_id in said]
