"""Inviting others: one's links, and the page to which they lead is the one for signing up."""

from starlette.responses import RedirectResponse, Response

from server.errors import Forbidden, Invalid
from server.identity import invites
from server.store.sessions import Session
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.pages.rendering import render
from web.pages.settings import for_members
from web.request import Request

PATH = "/settings/invites"


class InviteForm(PageForm):
    """A new link; 0 is without end."""

    comment: str = ""
    max_uses: int = 0
    seconds: int = 0
    autofollow: bool = False


@for_members
async def show(request: Request, session: Session) -> Response:
    """The form, and the links so far."""
    return await _page(request, session)


@for_members
async def create(request: Request, session: Session) -> Response:
    """Make a link."""
    form = await read_form(request, InviteForm)
    try:
        await invites.invite(
            request.runtime,
            session.account_id,
            form.comment,
            form.max_uses or None,
            form.seconds or None,
            autofollow=form.autofollow,
        )
    except (Invalid, Forbidden) as error:
        return await _page(request, session, told(request, error))
    return RedirectResponse(PATH, 303)


@for_members
async def end(request: Request, session: Session) -> Response:
    """The link is good no more."""
    await read_form(request, PageForm)
    await invites.end_invite(request.runtime, session.account_id, request.path_id())
    return RedirectResponse(PATH, 303)


async def _page(request: Request, session: Session, problem: str | None = None) -> Response:
    return render(
        request,
        "invites.html",
        422 if problem else 200,
        session=session,
        may_invite=await invites.may_invite(request.runtime, session.account_id),
        links=await invites.list_links(request.runtime, session.account_id),
        uses=invites.USES,
        spans=invites.SECONDS,
        problem=problem,
    )
