"""One's own address and password."""

from starlette.responses import RedirectResponse, Response

from server.errors import Forbidden, Invalid
from server.identity import confirmations, passwords
from server.store import users
from server.store.sessions import Session
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.pages.rendering import render
from web.pages.settings import for_members
from web.request import Request

PATH = "/settings/account"


class AccountForm(PageForm):
    """Either form: another address, or another password."""

    email: str = ""
    current_password: str = ""
    new_password: str = ""


@for_members
async def show(request: Request, session: Session) -> Response:
    """Both forms."""
    return await _page(request, session)


@for_members
async def change_email(request: Request, session: Session) -> Response:
    """Begin to change the address; the new one has to be confirmed."""
    form = await read_form(request, AccountForm)
    user = await users.find_user(request.runtime.db, session.account_id)
    assert user is not None
    try:
        await confirmations.change_email(
            request.runtime, user, form.email.strip(), form.current_password, request.ip
        )
    except (Invalid, Forbidden) as error:
        return await _page(request, session, told(request, error))
    return RedirectResponse(f"{PATH}?saved=email", 303)


@for_members
async def change_password(request: Request, session: Session) -> Response:
    """Change the password; all other sessions end."""
    form = await read_form(request, AccountForm)
    user = await users.find_user(request.runtime.db, session.account_id)
    assert user is not None
    try:
        await passwords.change_password(
            request.runtime, user, form.current_password, form.new_password, session.token_hash
        )
    except (Invalid, Forbidden) as error:
        return await _page(request, session, told(request, error))
    return RedirectResponse(f"{PATH}?saved=password", 303)


async def _page(request: Request, session: Session, problem: str | None = None) -> Response:
    user = await users.find_user(request.runtime.db, session.account_id)
    return render(
        request,
        "account.html",
        422 if problem else 200,
        session=session,
        user=user,
        problem=problem,
        saved=request.query_params.get("saved") if not problem else None,
    )
