"""Cross-origin calls as Mastodon allows them: any origin, no credentials, the paths of clients."""

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALL = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
_PATHS = (
    (re.compile(r"/oauth/(?:token|revoke)$"), "POST"),
    (re.compile(r"/oauth/userinfo$"), "GET, POST"),
    (re.compile(r"/(?:\.well-known/|nodeinfo/|@[^/]+$|users/[^/]+$|ap/)"), "GET"),
)
_EXPOSED = (
    "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, "
    "Mastodon-Async-Refresh"
)


_OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", _EXPOSED.encode()),
]


class Cors:
    """Answers preflights itself; marks every other answer of these paths, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is no preflight."""
        methods = _methods(scope["path"]) if scope["type"] == "http" else None
        if methods is None:
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await _answer_preflight(scope, methods, send)
            return

        async def send_open(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] += _OPEN
            await send(message)

        await self._app(scope, receive, send_open)


def _methods(path: str) -> str | None:
    if path.startswith("/api/"):
        return _ALL
    return next((methods for pattern, methods in _PATHS if pattern.match(path)), None)


async def _answer_preflight(scope: Scope, methods: str, send: Send) -> None:
    asked = dict(scope["headers"]).get(b"access-control-request-headers", b"*")
    headers = [
        (b"access-control-allow-origin", b"*"),
        (b"access-control-allow-methods", methods.encode()),
        (b"access-control-allow-headers", asked),
        (b"access-control-expose-headers", _EXPOSED.encode()),
        (b"access-control-max-age", b"7200"),
        (b"content-length", b"0"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
