"""An S3-compatible store played by the tests: private, every request must be signed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote

from tests.serving import serving

KEY = "AKIATEST"


@dataclass(slots=True)
class ObjectStore:
    """Objects by path (`/bucket/key`) with the headers they came with, in lower case."""

    origin: str
    objects: dict[str, tuple[bytes, dict[str, str]]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which a program finds it."""
        return {
            "AWS_ENDPOINT": self.origin,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": "secret",
        }


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    """A store that serves for the length of a block."""
    with serving(_Handler, lambda port: ObjectStore(f"http://127.0.0.1:{port}")) as found:
        yield found


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    headers_of_parts: ClassVar[dict[str, str]] = {}  # media types of what comes in parts

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self._is_signed():
            headers = {name.lower(): value for name, value in self.headers.items()}
            part = self._query.get("partNumber", "")
            self._objects[self._path + part] = body, headers
            self._answer(200, b"", {"ETag": '"x"'})

    def do_GET(self) -> None:
        if not self._is_signed():
            return
        if self._path not in self._objects:
            self._answer(404)
            return
        body, headers = self._objects[self._path]
        kind = {"Content-Type": headers.get("content-type", ""), "ETag": '"x"'}
        kind["Last-Modified"] = self.date_time_string()
        if wanted := self.headers["range"]:
            start, _, end = wanted.removeprefix("bytes=").partition("-")
            part = body[int(start) : int(end) + 1]
            place = f"bytes {start}-{int(start) + len(part) - 1}/{len(body)}"
            self._answer(206, part, {**kind, "Content-Range": place})
        else:
            self._answer(200, body, kind)

    def do_POST(self) -> None:
        """Puts large files together out of parts, or deletes several at once."""
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        if not self._is_signed():
            return
        if "uploads" in self._query:
            self.headers_of_parts[self._path] = self.headers.get("content-type", "")
            answer = b"<R><Bucket>b</Bucket><Key>k</Key><UploadId>u</UploadId></R>"
            self._answer(200, answer)
        elif "uploadId" in self._query:
            numbers = re.findall("<PartNumber>(.*?)</PartNumber>", body)
            parts = [self._objects.pop(self._path + number)[0] for number in numbers]
            kind = {"content-type": self.headers_of_parts.pop(self._path)}
            self._objects[self._path] = b"".join(parts), kind
            answer = b"<R><Location>l</Location><Bucket>b</Bucket><Key>k</Key><ETag>x</ETag></R>"
            self._answer(200, answer)
        else:
            keys = re.findall("<Key>(.*?)</Key>", body)
            for key in keys:
                self._objects.pop(f"{self._path}/{key}", None)
            deleted = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
            answer = f"<DeleteResult>{deleted}</DeleteResult>".encode()
            self._answer(200, answer, {"Content-Type": "application/xml"})

    def log_message(self, *args: Any) -> None:
        """Quiet."""

    @property
    def _objects(self) -> dict[str, tuple[bytes, dict[str, str]]]:
        store: ObjectStore = self.server.found  # type: ignore[attr-defined]
        return store.objects

    @property
    def _path(self) -> str:
        return unquote(self.path.partition("?")[0])

    @property
    def _query(self) -> dict[str, str]:
        return dict(parse_qsl(self.path.partition("?")[2], keep_blank_values=True))

    def _is_signed(self) -> bool:
        signature = self.headers.get("authorization", "")
        if signature.startswith(f"AWS4-HMAC-SHA256 Credential={KEY}/"):
            return True
        self._answer(403)
        return False

    def _answer(
        self, status: int, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
