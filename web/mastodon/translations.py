"""https://docs.joinmastodon.org/methods/statuses/#translate"""

import msgspec
from starlette.responses import Response

from server.actions import translate as translating
from server.store import users
from web.pagination import json_response
from web.params import read_params
from web.request import Request


class TranslateForm(msgspec.Struct):
    """Into which language; by default the member's own."""

    lang: str | None = None


async def translate(request: Request) -> Response:
    """A public post in another language."""
    form = await read_params(request, TranslateForm)
    language = form.lang or await _language(request)
    entity = await translating.translate_status(
        request.runtime, request.viewer_id, request.path_id(), language
    )
    return json_response(entity)


async def _language(request: Request) -> str:
    """Of the member's pages, else the instance's first."""
    user = await users.find_user(request.runtime.db, request.viewer_id or 0)
    if user:
        return user.locale
    return request.runtime.settings.instance_languages[0]
