"""From a table of rows to a router: one row a method and path, with its endpoint and its access.

Paths without parameters are found by one look-up; those with some stand in short lists under their
fixed beginning. A flat list of 300 routes costs 80 µs at its end.
"""

from collections.abc import Awaitable, Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from re import Pattern
from typing import Any

from starlette.convertors import Convertor
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import Receive, Scope

from server.errors import ServerError
from web.answers import Answers
from web.auth import Access, authorize
from web.rates import Rates
from web.request import Request

Endpoint = Callable[[Request], Awaitable[Response]]

_FIXED_SEGMENTS = 3  # /api/v1/statuses
_SHARED = {"anyone", "user", "app"}


@dataclass(frozen=True, slots=True)
class Row:
    """`method` is one of HTTP, `path` as Starlette writes it (`/api/v1/statuses/{id}`).

    `outdated` is since when Mastodon has something newer in its place, in Unix seconds (RFC 9745).
    """

    method: str
    path: str
    endpoint: Endpoint
    access: Access
    outdated: int = 0


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A path with parameters."""

    regex: Pattern[str]
    convertors: dict[str, Convertor[Any]]
    rows: Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads: rows by method, and what stands in the path."""

    rows: Mapping[str, Row]
    params: dict[str, Any]


class Table:
    """The rows by path."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._fixed: dict[str, Place] = {}
        self._patterns: dict[str, list[_Pattern]] = {}
        by_path: dict[str, dict[str, Row]] = {}
        for row in rows:
            if row.path not in by_path:
                by_path[row.path] = {}
                self._put(row.path, by_path[row.path])
            by_path[row.path][row.method] = row
            if row.method == "GET":
                by_path[row.path]["HEAD"] = row
            if row.method == "PUT":  # what Rails calls an update comes by either
                by_path[row.path].setdefault("PATCH", row)

    def find(self, path: str) -> Place | None:
        """The place of a path; whether it has the method is told when it answers."""
        place = self._fixed.get(path)
        if place:
            return place
        for key in _keys(path):
            for pattern in self._patterns.get(key, ()):
                match = pattern.regex.match(path)
                if match:
                    params = {
                        name: pattern.convertors[name].convert(value)
                        for name, value in match.groupdict().items()
                    }
                    return Place(pattern.rows, params)
        return None

    async def answer(self, place: Place, scope: Scope, receive: Receive) -> Response:
        """Let in whom the row's access admits, and answer.

        Raises HTTPException (405), and whatever the access and the endpoint raise.
        """
        row = place.rows.get(scope["method"])
        if row is None:
            raise HTTPException(405, headers={"Allow": ", ".join(place.rows)})
        request = Request(scope, receive)
        try:
            await self._let_in(request, row)
            question = _question(request, row)
            if question is None:
                response = await row.endpoint(request)
            else:
                answers: Answers = request.app.state.answers
                response = await answers.give(
                    request.runtime.db, question, partial(row.endpoint, request)
                )
                if type(response) is not Response:  # a stream can be sent but once
                    response = await row.endpoint(request)
        finally:
            await request.close()  # uploads are temporary files
        if row.outdated:
            response.headers["Deprecation"] = f"@{row.outdated}"
        if row.access.kind in {"page", "object"} and request.runtime.settings.require_sign_in:
            response.headers["Cache-Control"] = "private, no-store"
        return response

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

    def _put(self, path: str, rows: Mapping[str, Row]) -> None:
        if "{" not in path:
            self._fixed[path] = Place(rows, {})
            return
        regex, _, convertors = compile_path(path)
        beginning = path.partition("{")[0].rpartition("/")[0]
        key = "/".join(beginning.split("/")[: _FIXED_SEGMENTS + 1])
        self._patterns.setdefault(key, []).append(_Pattern(regex, convertors, rows))


def _question(request: Request, row: Row) -> Hashable | None:
    """All that the answer to a read of the client API depends on; None for anything else."""
    if row.method != "GET" or row.access.kind not in _SHARED:
        return None
    scope, language = request.scope, b""
    for name, value in scope["headers"]:
        if name == b"content-type":  # a body, which may ask for something else
            return None
        if name == b"accept-language":
            language = value
    token = request.token.id if request.token else None
    return scope["path"], scope["query_string"], token, language


def _keys(path: str) -> Iterator[str]:
    """Beginnings of a path, the longest first."""
    segments = path.split("/", _FIXED_SEGMENTS + 1)[: _FIXED_SEGMENTS + 1]
    return ("/".join(segments[:count]) for count in range(len(segments), 0, -1))
