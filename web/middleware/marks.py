"""X-Request-Id on every answer, the headers that browsers heed, and one line in the log.

The line has the path without its query: tokens and codes travel there.
"""

import logging
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("access")
_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Marks:
    """Outermost but for CORS."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, marking what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, start, status = secrets.token_hex(8), time.perf_counter(), 0

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in _SECURITY.items():
                    headers.setdefault(name, value)
                if "frame-ancestors *" in headers.get("content-security-policy", ""):
                    del headers["X-Frame-Options"]  # the few pages that are made for frames
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "private, no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_marked)
        finally:
            if log.isEnabledFor(logging.INFO):
                milliseconds = (time.perf_counter() - start) * 1000
                log.info(
                    "%s %s %d %.1f ms %s",
                    scope["method"], scope["path"], status, milliseconds, request_id,
                )  # fmt: skip
