"""From a table of rows to routes: one row a method and path, with its endpoint and its access."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from web.auth import Access, authorize
from web.request import Request

Endpoint = Callable[[Request], Awaitable[Response]]

_MOUNT_SEGMENTS = 3  # /api/v1/statuses


@dataclass(frozen=True, slots=True)
class Row:
    """`method` is one of HTTP, `path` as Starlette writes it (`/api/v1/statuses/{id}`)."""

    method: str
    path: str
    endpoint: Endpoint
    access: Access


def mount(rows: Sequence[Row]) -> list[BaseRoute]:
    """Routes grouped under their first segments: a flat table of 300 costs 80 µs at its end."""
    routes: list[BaseRoute] = []
    for prefix, group in groupby(sorted(rows, key=_prefix), key=_prefix):
        inner = [
            Route(row.path.removeprefix(prefix) or "/", _Guarded(row), methods=[row.method])
            for row in sorted(group, key=lambda row: row.path.count("{"))
        ]
        routes.append(Mount(prefix, routes=inner))
    return routes


def _prefix(row: Row) -> str:
    segments = row.path.split("/")[1 : _MOUNT_SEGMENTS + 1]
    fixed = [s for i, s in enumerate(segments) if not any("{" in t for t in segments[: i + 1])]
    return "/" + "/".join(fixed)


class _Guarded:
    """An ASGI application that lets only those in whom the row's access admits."""

    def __init__(self, row: Row) -> None:
        self._row = row

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        request.token = await authorize(request, self._row.access)
        response = await self._row.endpoint(request)
        await response(scope, receive, send)
