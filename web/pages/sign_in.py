"""Pages with which people come in: sign in, sign out, the first owner."""

import time
from collections import OrderedDict

import msgspec
from starlette.responses import RedirectResponse, Response

from server.errors import Gone, Invalid, TooMany
from server.identity import first_owner, passwords
from server.store import users
from web.pages import sessions
from web.pages.rendering import language_of, render
from web.params import read_params
from web.request import Request

_GUESSES = 10
_GUESS_SECONDS = 300.0
_REMEMBERED = 10_000


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


class Guesses:
    """Failed sign-ins by address and by name, in this process; the oldest are forgotten."""

    def __init__(self) -> None:
        self._failed: OrderedDict[str, list[float]] = OrderedDict()

    def check(self, *keys: str) -> None:
        """Raises TooMany after ten failures of one of the keys within five minutes."""
        since = time.monotonic() - _GUESS_SECONDS
        for key in keys:
            recent = [at for at in self._failed.get(key, ()) if at > since]
            if len(recent) >= _GUESSES:
                raise TooMany("Too many attempts. Wait five minutes.", int(_GUESS_SECONDS))

    def add(self, *keys: str) -> None:
        """Remember a failure."""
        for key in keys:
            self._failed[key] = [*self._failed.pop(key, [])[-_GUESSES:], time.monotonic()]
        while len(self._failed) > _REMEMBERED:
            self._failed.popitem(last=False)

    def forget(self, key: str) -> None:
        """The right one came."""
        self._failed.pop(key, None)


async def show_sign_in(request: Request) -> Response:
    """The form."""
    form = await read_params(request, SignInForm)
    return render(request, "sign_in.html", next=form.next, problem=None)


async def sign_in(request: Request) -> Response:
    """Begin a session; a wrong name and a wrong password look the same."""
    form = await read_params(request, SignInForm)
    host = request.client.host if request.client else ""
    guesses: Guesses = request.app.state.guesses
    keys = (f"address {host}", f"login {form.login.lower()[:200]}")
    guesses.check(*keys)
    user = await users.find_by_login(request.runtime.db, form.login)
    stored = user.password_hash if user else None
    password = form.password[: passwords.LONGEST + 1]
    if not await passwords.is_password(request.runtime, stored, password) or user is None:
        guesses.add(*keys)
        return render(request, "sign_in.html", 422, next=form.next, problem="sign_in.wrong")
    if not user.may_log_in:
        return render(request, "sign_in.html", 403, next=form.next, problem="sign_in.disabled")
    guesses.forget(keys[1])
    response = RedirectResponse(sessions.local_path(form.next), 303)
    await sessions.begin(request, response, user.account_id)
    return response


async def sign_out(request: Request) -> Response:
    """End the session."""
    form = await read_params(request, CsrfForm)
    sessions.check_csrf(request, form.csrf)
    response = RedirectResponse("/", 303)
    await sessions.end(request, response)
    return response


class CsrfForm(msgspec.Struct):
    """A form that asks for nothing."""

    csrf: str = ""


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
        return render(request, "first_owner.html", 422, form=form, problem=error.message)
    response = RedirectResponse("/", 303)
    await sessions.begin(request, response, account.id)
    return response
