"""POST /api/v1/accounts: sign up through an app, where the instance is open."""

import msgspec
from starlette.responses import Response

from server.errors import Forbidden, Invalid
from server.identity import members, oauth
from server.store import apps
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


async def create(request: Request) -> Response:
    """A new member, and a token for them that works at once."""
    assert request.token is not None
    if request.runtime.settings.registrations != "open":
        raise Forbidden("This instance is not open for registrations")
    form = await read_params(request, RegistrationForm)
    if not form.agreement:
        raise Invalid(
            "Validation failed: Service agreement must be accepted",
            {"agreement": [("ERR_ACCEPTED", "must be accepted")]},
        )
    app = await apps.find_app_by_id(request.runtime.db, request.token.app_id)
    assert app is not None
    account = await members.create_member(
        request.runtime, form.username, form.email, form.password, locale=form.locale[:10]
    )
    token = await oauth.new_member_token(request.runtime, app, account.id)
    return json_response(token_entity(token, app.scopes))
