"""https://docs.joinmastodon.org/methods/async_refreshes/"""

from starlette.responses import Response

from server.errors import NotFound
from server.store import thread_refreshes
from server.store.thread_refreshes import Refresh
from web.pagination import json_response
from web.request import Request

_RETRY_SECONDS = 3


async def show(request: Request) -> Response:
    """How far something in the background has come, by the id that the header told."""
    token: str = request.path_params["id"]
    may_exist = token.isprintable()  # the database knows no NUL
    refresh = await thread_refreshes.find_by_token(request.runtime.db, token) if may_exist else None
    if refresh is None:
        raise NotFound
    entity = {
        "id": refresh.token,
        "status": "running" if refresh.is_running else "finished",
        "result_count": refresh.found,
    }
    return json_response({"async_refresh": entity})


def header(refresh: Refresh) -> dict[str, str]:
    """The header that tells clients of it."""
    value = f'id="{refresh.token}", retry={_RETRY_SECONDS}, result_count={refresh.found}'
    return {"Mastodon-Async-Refresh": value}
