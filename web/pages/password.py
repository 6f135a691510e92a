"""A forgotten password."""

import msgspec
from starlette.responses import Response

from server.errors import Gone, Invalid
from server.identity import password_resets
from web.pages import sessions
from web.pages.refusals import told
from web.pages.rendering import render
from web.params import read_params
from web.request import Request


class ResetForm(msgspec.Struct):
    """Whose, or the link's token with another password."""

    email: str = ""
    reset_password_token: str = ""
    password: str = ""


async def show_forgotten(request: Request) -> Response:
    """The form that asks for the address."""
    return _forgotten(request, is_sent=False)


async def send_link(request: Request) -> Response:
    """The same answer whether anybody has this address or nobody."""
    form = await read_params(request, ResetForm)
    sessions.check_origin(request)
    await password_resets.ask(request.runtime, form.email, request.ip)
    return _forgotten(request, is_sent=True)


async def show_new(request: Request) -> Response:
    """The form that asks for another password."""
    form = await read_params(request, ResetForm)
    if not await password_resets.is_good(request.runtime, form.reset_password_token):
        raise Gone("This link has been used or is too old.")
    return _new(request, form.reset_password_token)


async def choose(request: Request) -> Response:
    """Another password; the second factor, where there is one, is asked for as ever."""
    form = await read_params(request, ResetForm)
    sessions.check_origin(request)
    try:
        await password_resets.reset(request.runtime, form.reset_password_token, form.password)
    except Invalid as error:
        return _new(request, form.reset_password_token, told(request, error))
    return _new(request, "")


def _forgotten(request: Request, *, is_sent: bool) -> Response:
    sends_mail = bool(request.runtime.settings.smtp_url)
    return render(request, "forgotten.html", is_sent=is_sent, sends_mail=sends_mail)


def _new(request: Request, token: str, problem: str | None = None) -> Response:
    """The form; without a token, that it is done."""
    status = 422 if problem else 200
    return render(request, "new_password.html", status, token=token, problem=problem)
