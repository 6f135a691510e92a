"""X-RateLimit headers on every answer of the client API, refusals included.

The routes count, as they know whose token it is; what never came to a route is a stranger's.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.identity.attempts import network_of
from web.rates import STRANGER, Rates, Standing


class RateHeaders:
    """Streams are not counted: one connection is no request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with a place in the scope where the routes leave how the asker stands."""
        path = scope.get("path", "")
        is_counted = path.startswith("/api/") and not path.startswith("/api/v1/streaming")
        rates: Rates | None = scope["app"].state.rates if is_counted else None
        if scope["type"] != "http" or rates is None or not rates.is_on:
            await self._app(scope, receive, send)
            return
        standings: list[Standing] = []
        scope["standings"] = standings

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                if not standings:
                    host = scope["client"][0] if scope["client"] else ""
                    standings.append(rates.take([(STRANGER, network_of(host))]))
                MutableHeaders(scope=message).update(standings[-1].headers())
            await send(message)

        await self._app(scope, receive, send_told)
