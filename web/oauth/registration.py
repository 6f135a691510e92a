"""Signing up through an app: POST /api/v1/accounts and the e-mail address of who did.

https://docs.joinmastodon.org/methods/accounts/#create
https://docs.joinmastodon.org/methods/emails/
"""

import msgspec
from starlette.responses import Response

from server.errors import Forbidden, Unauthorized
from server.identity import confirmations, oauth, sign_up
from server.identity.sign_up import Entry
from server.store import apps, users
from server.store.users import User
from web.oauth.token import token_entity
from web.pagination import json_response
from web.params import read_params
from web.request import Request


class RegistrationForm(msgspec.Struct):
    """Who wants to join."""

    username: str = ""
    email: str = ""
    password: str = ""
    agreement: bool = False
    locale: str = "en"
    reason: str = ""
    date_of_birth: str = ""
    invite_code: str = ""
    time_zone: str = ""


class EmailForm(msgspec.Struct):
    """Another address instead of the one that waits."""

    email: str = ""


async def create(request: Request) -> Response:
    """A newcomer, and a token for them: it works once they are confirmed and approved."""
    assert request.token is not None
    if request.viewer_id is not None:
        raise Forbidden("This method requires an client credentials authentication")
    form = await read_params(request, RegistrationForm)
    app = await apps.find_app_by_id(request.runtime.db, request.token.app_id)
    assert app is not None
    entry = Entry(
        **{**msgspec.structs.asdict(form), "locale": form.locale[:10]},
        ip=request.ip,
        app_id=app.id,
    )
    account = await sign_up.sign_up(request.runtime, entry)
    token = await oauth.new_member_token(request.runtime, app, account.id)
    return json_response(token_entity(token, app.scopes))


async def resend_confirmation(request: Request) -> Response:
    """Another mail with a link, for who waits for it and signed up through this very app."""
    form = await read_params(request, EmailForm)
    user = await _user(request)
    if user is None or user.created_by_app_id is None or user.created_by_app_id != _app_id(request):
        raise Forbidden(
            "This method is only available to the application the user originally signed-up with"
        )
    if user.state != "unconfirmed" and not user.unconfirmed_email:
        raise Forbidden("This method is only available while the e-mail is awaiting confirmation")
    await confirmations.send_again(request.runtime, user, request.ip, form.email.strip() or None)
    return json_response({})


async def check_confirmation(request: Request) -> Response:
    """Whether the member's address is confirmed."""
    user = await _user(request)
    if user is None:
        raise Unauthorized("This method requires an authenticated user")
    return json_response(user.state != "unconfirmed")


def _app_id(request: Request) -> int:
    assert request.token is not None
    return request.token.app_id


async def _user(request: Request) -> User | None:
    account_id = request.viewer_id
    return await users.find_user(request.runtime.db, account_id) if account_id else None
