"""Pages with which people come in: sign in, sign out, the first owner."""

from urllib.parse import urlencode

import msgspec
from starlette.responses import RedirectResponse, Response

from server.errors import Gone, Invalid
from server.identity import first_owner
from server.identity import sign_in as identity
from web.pages import sessions
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.pages.rendering import language_of, render
from web.params import read_params
from web.request import Request


class SignInForm(msgspec.Struct):
    """Who and where to go on to."""

    login: str = ""
    password: str = ""
    next: str = "/"


class OwnerForm(msgspec.Struct):
    """The first owner's choice."""

    token: str = ""
    username: str = ""
    email: str = ""
    password: str = ""


async def show_sign_in(request: Request) -> Response:
    """The form; who is in and may not go on yet is told why instead."""
    form = await read_params(request, SignInForm)
    session = await sessions.anybody(request)
    if session and session.state is not None:
        return RedirectResponse("/auth/setup", 302)
    return _form(request, form)


async def sign_in(request: Request) -> Response:
    """Begin a session, or ask for the second factor; wrong name and wrong password look the same.

    Who has yet to confirm their address or waits for approval comes in as far as the page that
    says so.
    """
    form = await read_params(request, SignInForm)
    sessions.check_origin(request)
    user = await identity.find_by_password(request.runtime, form.login, form.password, request.ip)
    if user is None:
        return _form(request, form, "sign_in.wrong", 422)
    if user.state in {"disabled", "suspended"}:
        return _form(request, form, "sign_in.disabled", 403)
    target = sessions.local_path(form.next)
    if user.has_second_factor:
        token = await identity.begin_second_step(request.runtime, user.account_id)
        query = urlencode({"next": target})
        response = RedirectResponse(f"/auth/second_factor?{query}", 303)
        sessions.begin_step(request, response, sessions.SECOND_FACTOR, token)
        return response
    response = RedirectResponse(target, 303)
    await sessions.begin(request, response, user.account_id)
    return response


def _form(
    request: Request, form: SignInForm, problem: str | None = None, status: int = 200
) -> Response:
    return render(
        request,
        "sign_in.html",
        status,
        has_script=True,
        next=form.next,
        login=form.login if problem else "",
        problem=problem,
        may_join=request.runtime.settings.is_open,
    )


async def sign_out(request: Request) -> Response:
    """End the session."""
    await read_form(request, PageForm)
    response = RedirectResponse("/", 303)
    await sessions.end(request, response)
    return response


async def show_first_owner(request: Request) -> Response:
    """The form of the one-time link."""
    form = await read_params(request, OwnerForm)
    if not await first_owner.is_good(request.runtime, form.token):
        raise Gone("This link has been used or is too old. `make up` prints a new one.")
    return render(request, "first_owner.html", form=form, problem=None)


async def make_first_owner(request: Request) -> Response:
    """Make the owner's account and sign in."""
    form = await read_params(request, OwnerForm)
    try:
        account = await first_owner.become_owner(
            request.runtime,
            form.token,
            form.username,
            form.email,
            form.password,
            language_of(request),
        )
    except Invalid as error:
        return render(request, "first_owner.html", 422, form=form, problem=told(request, error))
    response = RedirectResponse("/auth/setup", 303)
    await sessions.begin(request, response, account.id)
    return response
