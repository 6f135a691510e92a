"""From a table of rows to a router: one row a method and path, with its endpoint and its access.

Paths without parameters are found by one look-up; those with some stand in short lists under their
fixed beginning. A flat list of 300 routes costs 80 µs at its end.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from re import Pattern
from typing import Any

from starlette.convertors import Convertor
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, compile_path
from starlette.types import Receive, Scope, Send

from server.errors import ServerError
from web.auth import Access, authorize
from web.rates import Rates
from web.request import Request

Endpoint = Callable[[Request], Awaitable[Response]]

_FIXED_SEGMENTS = 3  # /api/v1/statuses


@dataclass(frozen=True, slots=True)
class Row:
    """`method` is one of HTTP, `path` as Starlette writes it (`/api/v1/statuses/{id}`)."""

    method: str
    path: str
    endpoint: Endpoint
    access: Access


@dataclass(slots=True)
class _Place:
    """All that stands at one path."""

    pattern: Pattern[str]
    convertors: dict[str, Convertor[Any]]
    rows: dict[str, Row] = field(default_factory=dict)


class Table(BaseRoute):
    """The rows as one route of Starlette."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._fixed: dict[str, _Place] = {}
        self._patterns: dict[str, list[_Place]] = {}
        places: dict[str, _Place] = {}
        for row in rows:
            if row.path not in places:
                pattern, _, convertors = compile_path(row.path)
                places[row.path] = _Place(pattern, convertors)
                self._put(row.path, places[row.path])
            places[row.path].rows[row.method] = row
            if row.method == "GET":
                places[row.path].rows["HEAD"] = row

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Find the place of a path; whether it has the method is told when it is handled."""
        if scope["type"] != "http":
            return Match.NONE, {}
        path = scope["path"]
        place = self._fixed.get(path)
        if place:
            return Match.FULL, {"place": place, "path_params": {}}
        for key in _keys(path):
            for place in self._patterns.get(key, ()):
                match = place.pattern.match(path)
                if match:
                    params = {
                        name: place.convertors[name].convert(value)
                        for name, value in match.groupdict().items()
                    }
                    return Match.FULL, {"place": place, "path_params": params}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in whom the row's access admits, and answer. Raises HTTPException (405)."""
        rows = scope["place"].rows
        row = rows.get(scope["method"])
        if row is None:
            raise HTTPException(405, headers={"Allow": ", ".join(rows)})
        request = Request(scope, receive, send)
        try:
            await self._let_in(request, row)
            response = await row.endpoint(request)
            if row.access.kind in {"page", "object"} and request.runtime.settings.require_sign_in:
                response.headers["Cache-Control"] = "private, no-store"
            await response(scope, receive, send)
        finally:
            await request.close()  # uploads are temporary files

    async def _let_in(self, request: Request, row: Row) -> None:
        """Find the token and count the request; a wrong token counts as a stranger's.

        Raises what `authorize` raises, and TooMany.
        """
        is_counted = "standings" in request.scope
        rates: Rates = request.app.state.rates
        try:
            request.token = await authorize(request, row.access)
        except ServerError:
            if is_counted:
                rates.count(request, row.path)
            raise
        if is_counted:
            rates.count(request, row.path)

    def _put(self, path: str, place: _Place) -> None:
        if "{" not in path:
            self._fixed[path] = place
            return
        beginning = path.partition("{")[0].rpartition("/")[0]
        key = "/".join(beginning.split("/")[: _FIXED_SEGMENTS + 1])
        self._patterns.setdefault(key, []).append(place)


def _keys(path: str) -> list[str]:
    """Beginnings of a path, the longest first."""
    segments = path.split("/")[: _FIXED_SEGMENTS + 1]
    return ["/".join(segments[:count]) for count in range(len(segments), 0, -1)]
