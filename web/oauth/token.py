"""POST /oauth/token and /oauth/revoke (RFC 6749, 7009), and who a token is for."""

import base64
import binascii
import time

import msgspec
from starlette.responses import Response

from server.identity import oauth
from server.identity.oauth import Refused
from server.store.account_views import get_account_view
from web.entities.account import avatar_url
from web.pagination import json_response
from web.params import read_params
from web.request import Request

_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class TokenForm(msgspec.Struct):
    """Parameters of all grants."""

    grant_type: str = ""
    code: str = ""
    client_id: str | None = None
    client_secret: str | None = None
    redirect_uri: str = ""
    scope: str | None = None
    code_verifier: str | None = None
    token: str = ""


async def create(request: Request) -> Response:
    """A token for a code, or an application's own."""
    form = await read_params(request, TokenForm)
    if not form.grant_type:
        raise Refused("invalid_request", "Missing required parameter: grant_type.")
    app = await oauth.authenticate_app(request.runtime, *_client(request, form))
    match form.grant_type:
        case "authorization_code":
            token, scopes = await oauth.exchange_code(
                request.runtime, app, form.code, form.redirect_uri, form.code_verifier
            )
        case "client_credentials":
            token, scopes = await oauth.client_token(request.runtime, app, form.scope)
        case _:
            raise Refused(
                "unsupported_grant_type",
                "The authorization grant type is not supported by the authorization server.",
            )
    return json_response(token_entity(token, scopes), _NO_STORE)


async def revoke(request: Request) -> Response:
    """Revoke a token of the application that asks."""
    form = await read_params(request, TokenForm)
    app = await oauth.authenticate_app(request.runtime, *_client(request, form))
    await oauth.revoke(request.runtime, app, form.token)
    return json_response({}, _NO_STORE)


async def userinfo(request: Request) -> Response:
    """OpenID's words for whom the token belongs to."""
    view = await get_account_view(request.runtime.db, request.member_id)
    account, addresses = view.account, request.addresses
    return json_response(
        {
            "iss": f"{addresses.origin}/",
            "sub": account.uri,
            "name": account.display_name or account.username,
            "preferred_username": account.username,
            "profile": addresses.account_url(account.username),
            "picture": avatar_url(account, addresses),
        }
    )


def token_entity(token: str, scopes: list[str]) -> dict[str, object]:
    """Mastodon's Token."""
    return {
        "access_token": token,
        "token_type": "Bearer",
        "scope": " ".join(scopes),
        "created_at": int(time.time()),
    }


async def on_refused(_: object, error: Exception) -> Response:
    """A refusal in OAuth's shape, which has Mastodon's `error` in it."""
    assert isinstance(error, Refused)
    body = {"error": error.code, "error_description": error.message}
    headers = {**_NO_STORE}
    if error.status == 401:
        headers["WWW-Authenticate"] = f'Bearer realm="Wandelgang", error="{error.code}"'
    return json_response(body, headers, error.status)


def _client(request: Request, form: TokenForm) -> tuple[str | None, str | None]:
    """Id and secret, from the body or by Basic (RFC 6749, 2.3.1)."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return form.client_id, form.client_secret
    try:
        client_id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None, None
    return client_id, secret
