"""What the module of the passkeys asks and answers (static/passkeys.js), as JSON."""

from typing import Any

import msgspec
from starlette.responses import Response

from server.errors import Forbidden
from server.identity import passkeys, passwords, sign_in
from server.store import users
from server.store.sessions import Session
from web.pages import sessions
from web.pages.forms import PageForm, read_form
from web.pages.security import PATH, show_codes
from web.pages.settings import for_securing
from web.pagination import json_response
from web.params import read_params
from web.request import Request


class PasskeyForm(PageForm):
    """What the module sends; `credential` is the browser's answer, as WebAuthn writes JSON."""

    credential: dict[str, Any] = msgspec.field(default_factory=dict)
    name: str = ""
    current_password: str = ""
    next: str = "/"


async def sign_in_options(request: Request) -> Response:
    """Options to sign in with: whoever's password was right here, else anybody's passkey."""
    sessions.check_origin(request)
    token, options = await passkeys.begin_sign_in(request.runtime, await _second_step_of(request))
    return _options(request, token, options)


async def use(request: Request) -> Response:
    """Begin the session of whose passkey it is."""
    form = await read_params(request, PasskeyForm)
    sessions.check_origin(request)
    token = sessions.step_token(request, sessions.PASSKEY)
    account_id = await passkeys.use(request.runtime, token, form.credential)
    user = await users.find_user(request.runtime.db, account_id)
    if user is None or user.state in {"disabled", "suspended"}:
        raise Forbidden
    response = json_response({"location": sessions.local_path(form.next)})
    await sessions.begin(request, response, account_id)
    return response


@for_securing
async def new_options(request: Request, session: Session) -> Response:
    """Options to make a passkey with, for who knows their password."""
    form = await read_form(request, PasskeyForm)
    user = await users.find_user(request.runtime.db, session.account_id)
    assert user is not None
    await passwords.check_own_password(request.runtime, user, form.current_password)
    token, options = await passkeys.begin_new(request.runtime, user)
    return _options(request, token, options)


@for_securing
async def add(request: Request, session: Session) -> Response:
    """Keep the passkey; a first one comes with recovery codes, as a page to show this once."""
    form = await read_form(request, PasskeyForm)
    user = await users.find_user(request.runtime.db, session.account_id)
    assert user is not None
    token = sessions.step_token(request, sessions.PASSKEY)
    codes = await passkeys.add(request.runtime, user, token, form.credential, form.name)
    return show_codes(request, session, codes) if codes else json_response({"location": PATH})


async def _second_step_of(request: Request) -> int | None:
    token = sessions.step_token(request, sessions.SECOND_FACTOR)
    return await sign_in.second_step_of(request.runtime, token) if token else None


def _options(request: Request, token: str, options: bytes) -> Response:
    response = Response(options, media_type="application/json")
    sessions.begin_step(request, response, sessions.PASSKEY, token)
    return response
