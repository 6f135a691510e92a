"""The page on which a member leaves for good."""

from starlette.responses import RedirectResponse, Response

from server.actions.erase_account import erase_account
from server.store.sessions import Session
from web.pages import challenge, sessions
from web.pages.forms import PageForm, read_form
from web.pages.rendering import render
from web.pages.settings import for_movers
from web.request import Request

PATH = "/settings/delete"


class LeaveForm(PageForm):
    """Password or name."""

    password: str = ""


@for_movers
async def show(request: Request, session: Session) -> Response:
    """What happens, and the form."""
    return await _form(request, session)


@for_movers
async def leave(request: Request, session: Session) -> Response:
    """Erase the account and sign out."""
    form = await read_form(request, LeaveForm)
    if not await challenge.is_passed(request, session, form.password):
        return await _form(request, session, problem="challenge.wrong")
    await erase_account(request.runtime, session.account_id)
    response = RedirectResponse(f"{PATH}/done", 303)
    await sessions.end(request, response)
    return response


async def show_done(request: Request) -> Response:
    """Goodbye."""
    return render(request, "left.html")


async def _form(request: Request, session: Session, problem: str | None = None) -> Response:
    return render(
        request,
        "leaving.html",
        422 if problem else 200,
        session=session,
        has_password=await challenge.has_password(request, session),
        problem=problem,
    )
