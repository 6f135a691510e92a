"""X-Request-Id on every answer, the headers that browsers heed, and one line in the log.

The line has the path without its query: tokens and codes travel there. Quick reads that went well
have theirs at the level of debugging: of a thousand a second nobody reads one.
"""

import logging

from starlette.types import Scope

log = logging.getLogger("access")
_SLOW_MILLISECONDS = 500.0
_NO_FRAMES = (b"x-frame-options", b"DENY")
_SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_NO_PAGE = (
    b"content-security-policy",
    b"default-src 'none'; frame-ancestors 'none'; form-action 'none'",
)
_NOT_KEPT = (b"cache-control", b"private, no-store")


def log_answer(scope: Scope, status: int, seconds: float, request_id: str) -> None:
    """The line in the log."""
    milliseconds = seconds * 1000
    is_plain = scope["method"] in {"GET", "HEAD"} and 200 <= status < 400
    level = logging.DEBUG if is_plain and milliseconds < _SLOW_MILLISECONDS else logging.INFO
    if log.isEnabledFor(level):
        log.log(
            level,
            "%s %s %d %.1f ms %s",
            scope["method"],
            scope["path"],
            status,
            milliseconds,
            request_id,
        )


def mark(headers: list[tuple[bytes, bytes]], request_id: str, *, is_api: bool) -> None:
    """Add what is missing; lists of bytes are an order of magnitude quicker than their wrapper."""
    given = dict(headers)
    headers.append((b"x-request-id", request_id.encode()))
    headers += [pair for pair in _SECURITY if pair[0] not in given]
    # The few pages that are made for frames say so.
    if b"frame-ancestors *" not in given.get(b"content-security-policy", b""):
        headers.append(_NO_FRAMES)
    if is_api:
        headers += [pair for pair in (_NO_PAGE, _NOT_KEPT) if pair[0] not in given]
