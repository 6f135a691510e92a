"""https://docs.joinmastodon.org/methods/async_refreshes/"""

import re

from starlette.responses import Response

from server.actions import look_back
from server.errors import NotFound
from server.store import thread_refreshes
from server.store.thread_refreshes import Refresh
from web.pagination import json_response
from web.request import Request

_RETRY_SECONDS = 3
_REPORT = re.compile(r"annual-report-([1-9][0-9]{3})")


async def show(request: Request) -> Response:
    """How far something in the background has come, by the id that the header told."""
    token: str = request.path_params["id"]
    report = _REPORT.fullmatch(token)
    if report:
        is_running = await look_back.is_being_made(
            request.runtime, request.member_id, int(report[1])
        )
        return _answer(token, None, is_running=is_running)
    may_exist = token.isprintable()  # the database knows no NUL
    refresh = await thread_refreshes.find_by_token(request.runtime.db, token) if may_exist else None
    if refresh is None:
        raise NotFound
    return _answer(refresh.token, refresh.found, is_running=refresh.is_running)


def header(refresh: Refresh) -> dict[str, str]:
    """The header that tells clients of it."""
    value = f'id="{refresh.token}", retry={_RETRY_SECONDS}, result_count={refresh.found}'
    return {"Mastodon-Async-Refresh": value}


def report_header(year: int) -> dict[str, str]:
    """The same of the look back on a year that is being made for the member who asks."""
    return {"Mastodon-Async-Refresh": f'id="annual-report-{year}", retry={_RETRY_SECONDS}'}


def _answer(token: str, found: int | None, *, is_running: bool) -> Response:
    status = "running" if is_running else "finished"
    return json_response({"async_refresh": {"id": token, "status": status, "result_count": found}})
