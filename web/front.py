"""What every HTTP request passes: bounds for what comes, marks on what goes, and the table of rows.

One layer instead of one for each concern, as it stands before everything. Rows are served right
here; Starlette keeps streams, files, and paths that do not exist.
"""

import secrets
import time

from starlette.requests import Request as StarletteRequest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import errors
from web.middleware import barrier, cors, limits, marks, rates
from web.routing import Place, Table


class Front:
    """Outermost but for the handler of crashes."""

    def __init__(self, app: ASGIApp, table: Table, upload_bytes: int) -> None:
        self._app = app
        self._table = table
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or pass on, marking what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = limits.without_slash(scope)
        is_closed = barrier.is_closed(scope)  # then the barrier answers
        methods = None if is_closed else cors.methods_of(scope["path"])
        counting = None if is_closed else rates.open_standings(scope)
        request_id, start, status = secrets.token_hex(8), time.perf_counter(), 0

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status, headers = message["status"], message["headers"]
                marks.mark(headers, request_id, is_api=scope["path"].startswith("/api/"))
                if methods:
                    headers += cors.OPEN
                if counting:
                    headers += rates.headers(scope, counting)
            await send(message)

        try:
            if methods and scope["method"] == "OPTIONS":
                await cors.answer_preflight(scope, methods, send_marked)
                return
            place = None if is_closed else self._table.find(scope["path"])
            receive = limits.bounded(scope, receive, self._upload_bytes)
            if place is None:
                await self._app(scope, receive, send_marked)
            else:
                await self._serve(place, scope, receive, send_marked)
        finally:
            marks.log_answer(scope, status, time.perf_counter() - start, request_id)

    async def _serve(self, place: Place, scope: Scope, receive: Receive, send: Send) -> None:
        scope["path_params"] = place.params
        try:
            response = await self._table.answer(place, scope, receive)
        except Exception as error:
            refuse = errors.handler_of(error)
            if refuse is None:
                raise
            response = await refuse(StarletteRequest(scope, receive), error)
        if type(response) is Response:  # perhaps shared with others: their headers differ
            headers = list(response.raw_headers)
            await send(
                {"type": "http.response.start", "status": response.status_code, "headers": headers}
            )
            await send({"type": "http.response.body", "body": response.body})
        else:
            await response(scope, receive, send)
