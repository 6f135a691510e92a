"""The table of Mastodon's addresses: what each one asks for and gives."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.routing import Route, WebSocketRoute

from web.mastodon.routes import ROUTES
from web.site import SITE
from web.streaming.routes import STREAMING

_FILE = Path(__file__).with_name("endpoints.tsv")
CALLED = ("core", "common")  # the tiers that end users' clients call


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row, in the words of the table; `scopes` and `auth` are alternatives."""

    method: str
    path: str
    auth: tuple[str, ...]
    scopes: tuple[str, ...]
    returns: str
    limit: str
    page_params: tuple[str, ...]
    link_header: str
    tier: str
    added_in: str
    deprecated_in: str
    removed_in: str

    @property
    def name(self) -> str:
        """Method and path, the name of the row everywhere."""
        return f"{self.method} {self.path}"

    @property
    def role(self) -> str:
        """The role that it takes."""
        return "owner" if self.auth == ("admin",) else "member"

    @property
    def is_list(self) -> bool:
        """Whether it answers with many things of one kind."""
        return self.returns.startswith("[") or bool(self.page_params)

    @property
    def is_routed(self) -> bool:
        """Whether anything of ours stands at the address."""
        return (self.method, shape(self.path)) in _routed()


def read_table() -> list[Endpoint]:
    """All rows."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return [
            _endpoint(row)
            for row in csv.DictReader(file, delimiter="\t", quotechar=None, quoting=csv.QUOTE_NONE)
        ]


def called_rows() -> list[Endpoint]:
    """The live rows that the contract test calls."""
    return [row for row in read_table() if row.tier in CALLED and not row.removed_in]


def _endpoint(row: dict[str, str]) -> Endpoint:
    values: dict[str, Any] = dict(row)
    values |= {name: _parts(row[name], "|") for name in ("auth", "scopes")}
    return Endpoint(**{**values, "page_params": _parts(row["page_params"], ",")})


def _parts(text: str, separator: str) -> tuple[str, ...]:
    return tuple(text.split(separator)) if text else ()


def shape(path: str) -> str:
    """A path with its parameters unnamed, as the table and the routes name them differently."""
    return re.sub(r":\w+|\{[^}]*\}", "*", path)


def _routed() -> set[tuple[str, str]]:
    found = {(row.method, shape(row.path)) for row in [*ROUTES, *SITE]}
    for route in STREAMING:
        if isinstance(route, WebSocketRoute):
            found.add(("WS", route.path))
        elif isinstance(route, Route) and "{" not in route.path:
            found.add(("GET", route.path))
        elif isinstance(route, Route):
            found |= {("GET", f"/api/v1/streaming/{name}") for name in _STREAMS}
    # One route serves all versions of nodeinfo.
    return found | {("GET", "/nodeinfo/2.0")}


_STREAMS = (
    "user",
    "user/notification",
    "public",
    "public/local",
    "public/remote",
    "hashtag",
    "hashtag/local",
    "list",
    "direct",
)
