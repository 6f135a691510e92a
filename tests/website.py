"""A site of the open web, played by the tests over real HTTP on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import orjson

from tests.pictures import picture
from tests.serving import serving


@dataclass
class Website:
    """Serves `answers` by path as (status, headers, body) and keeps the paths that were `asked`."""

    origin: str
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def page(self, path: str, head: str = "", body: str = "", charset: str = "utf-8") -> str:
        """An HTML page; gives its address."""
        html = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
        return self.put(path, html.encode(charset), f"text/html; charset={charset}")

    def json(self, path: str, document: Any) -> str:
        """A JSON document; gives its address."""
        return self.put(path, orjson.dumps(document), "application/json")

    def picture(self, path: str, width: int = 90, height: int = 60) -> str:
        """A PNG; gives its address."""
        return self.put(path, picture(size=(width, height)), "image/png")

    def put(
        self, path: str, body: bytes, kind: str = "text/html", status: int = 200, **headers: str
    ) -> str:
        """Any answer; gives its address."""
        self.answers[path] = (status, {"Content-Type": kind, **headers}, body)
        return f"{self.origin}{path}"


@contextmanager
def website() -> Iterator[Website]:
    """A site that serves for the length of a block."""
    with serving(_Handler, lambda port: Website(f"http://127.0.0.1:{port}")) as found:
        yield found


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site: Website = self.server.found  # type: ignore[attr-defined]
        site.asked.append(self.path)
        status, headers, body = site.answers.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Quiet."""
