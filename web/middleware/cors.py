"""Cross-origin calls as Mastodon allows them: any origin, no credentials, the paths of clients."""

import re

from starlette.types import Scope, Send

_ALL = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
_PATHS = (
    (re.compile(r"/oauth/(?:token|revoke)$"), "POST"),
    (re.compile(r"/oauth/userinfo$"), "GET, POST"),
    # Pictures too: clients look into those of profiles.
    (re.compile(r"/(?:\.well-known/|nodeinfo/|@[^/]+$|users/[^/]+$|ap/|static/)"), "GET"),
)
_EXPOSED = (
    "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, "
    "Mastodon-Async-Refresh"
)


OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", _EXPOSED.encode()),
]


def methods_of(path: str) -> str | None:
    """Which methods other origins may call at a path; None for a path that is not for them."""
    if path.startswith("/api/"):
        return _ALL
    return next((methods for pattern, methods in _PATHS if pattern.match(path)), None)


async def answer_preflight(scope: Scope, methods: str, send: Send) -> None:
    """What a browser asks before it lets a page of another origin call; `OPEN` comes on top, as on
    every answer: twice the same header, and browsers refuse.
    """
    asked = dict(scope["headers"]).get(b"access-control-request-headers", b"*")
    headers = [
        (b"access-control-allow-methods", methods.encode()),
        (b"access-control-allow-headers", asked),
        (b"access-control-max-age", b"7200"),
        (b"content-length", b"0"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
