"""Following a member by mail, as Mastodon 4.6's web app asks for it; its documentation has none."""

import msgspec
from starlette.responses import Response

from server.actions import subscribe_by_mail
from web.pages.rendering import language_of
from web.pagination import json_response
from web.params import read_params
from web.request import Request


class SubscriptionForm(msgspec.Struct):
    """Where to."""

    email: str = ""


async def create(request: Request) -> Response:
    """Mail a link to the address; 404 where posts do not go out by mail."""
    author = await subscribe_by_mail.get_author(request.runtime, request.path_id())
    form = await read_params(request, SubscriptionForm)
    await subscribe_by_mail.subscribe(
        request.runtime, author, form.email, language_of(request), request.ip
    )
    return json_response({})
