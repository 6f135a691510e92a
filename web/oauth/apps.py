"""POST /api/v1/apps and what an application may know of itself."""

import msgspec
from starlette.responses import Response

from server.errors import Unauthorized
from server.identity import oauth, vapid
from server.store import apps
from server.store.apps import App
from web.pagination import json_response
from web.params import read_params
from web.request import Request


class AppForm(msgspec.Struct):
    """Mastodon's parameters; `redirect_uris` is a list or lines of text.

    `scopes` is a text. A list is heard as none at all: clients that send one know from Mastodon
    that they get `read`.
    """

    client_name: str = ""
    redirect_uris: list[str] | str = ""
    scopes: str | list[str] | None = None
    website: str | None = None


async def create(request: Request) -> Response:
    """Register an application; the secret is told this once."""
    form = await read_params(request, AppForm)
    uris = form.redirect_uris
    lines = uris.split() if isinstance(uris, str) else [uri.strip() for uri in uris]
    scopes = form.scopes if isinstance(form.scopes, str) else None
    app, secret = await oauth.register_app(
        request.runtime, form.client_name, lines, scopes, form.website
    )
    return json_response(
        {
            **application_entity(app, await vapid.public_key(request.runtime)),
            "client_id": app.client_id,
            "client_secret": secret,
            "client_secret_expires_at": 0,
        }
    )


async def verify_credentials(request: Request) -> Response:
    """The application that the token belongs to."""
    assert request.token is not None
    app = await apps.find_app_by_id(request.runtime.db, request.token.app_id)
    if app is None:
        raise Unauthorized
    return json_response(application_entity(app, await vapid.public_key(request.runtime)))


def application_entity(app: App, vapid_key: str) -> dict[str, object]:
    """Mastodon's Application, with its deprecated fields."""
    return {
        "id": str(app.id),
        "name": app.name,
        "website": app.website or None,
        "scopes": app.scopes,
        "redirect_uris": app.redirect_uris,
        "redirect_uri": "\n".join(app.redirect_uris),
        "vapid_key": vapid_key,
    }
