"""X-RateLimit headers on every answer of the client API, refusals included.

The routes count, as they know whose token it is; what never came to a route is a stranger's.
"""

from starlette.types import Scope

from server.identity.attempts import network_of
from web.rates import STRANGER, Rates

_STREAMS = "/api/v1/streaming"  # one connection is no request


def open_standings(scope: Scope) -> Rates | None:
    """Make a place in the scope where the routes leave how the asker stands, where they count."""
    path = scope["path"]
    if not path.startswith("/api/") or path.startswith(_STREAMS):
        return None
    rates: Rates = scope["app"].state.rates
    if not rates.is_on:
        return None
    scope["standings"] = []
    return rates


def headers(scope: Scope, rates: Rates) -> list[tuple[bytes, bytes]]:
    """How the asker stands."""
    standings = scope["standings"]
    if not standings:
        host = scope["client"][0] if scope["client"] else ""
        standings.append(rates.take([(STRANGER, network_of(host))]))
    return [
        (name.lower().encode(), value.encode()) for name, value in standings[-1].headers().items()
    ]
