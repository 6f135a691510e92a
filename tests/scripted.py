"""Servers of somebody else's in a process of its own, with its own keys, that do as they are told.

Each host has a loopback address of its own, so that one process plays several servers. What an
address answers (status, headers, bytes, how slowly) is said by `serve`; the private keys stay over
there and sign what `sign` asks for. Also run as a program: that is the process.
"""

import base64
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

from federation.signatures.keys import SigningKey, generate_rsa_key, load_private_key
from federation.signatures.sign import Dialect, sign_request

ACTIVITY = "application/activity+json"
JRD = "application/jrd+json"
_CONTROL = "/_script/"


class Scripted:
    """The process from outside."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._hosts: dict[str, str] = {}

    def host(self, name: str) -> str:
        """Address (with port) of the server that stands for that host name."""
        number = len(self._hosts) + 1
        return self._hosts.setdefault(name, f"127.1.{number >> 8}.{number & 255}:{self.port}")

    def origin(self, name: str) -> str:
        """Origin of the server that stands for that host name."""
        return f"http://{self.host(name)}"

    def serve(self, url: str, document: Any = None, **answer: Any) -> None:
        """Answer a document (or bytes) at an address.

        `status`, `kind` (media type), `headers`; `wait` and `pace` are seconds before all and
        before each chunk; `endless` repeats the bytes for as long as somebody reads.
        """
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        answer |= {"body": base64.b64encode(body).decode()}
        self._ask("serve", {"url": url, **answer})

    def handle(self, name: str, host: str, actor: str) -> None:
        """Have WebFinger of a host name an actor."""
        resource = f"acct:{name}@{host}"
        jrd = {"subject": resource, "links": [{"rel": "self", "type": ACTIVITY, "href": actor}]}
        self.serve(f"http://{host}/.well-known/webfinger?resource={resource}", jrd, kind=JRD)

    def key(self, key_id: str) -> str:
        """Make a key over there under that id; gives its public half (PEM)."""
        return str(self._ask("key", {"id": key_id})["public"])

    def actor(self, origin: str, name: str, **more: Any) -> str:
        """Make and serve an actor; gives its id. `more` replaces or adds properties."""
        uri = f"{origin}/users/{name}"
        self.serve(uri, self.actor_document(uri, name, **more))
        self.handle(name, origin.partition("://")[2], uri)
        return uri

    def actor_document(self, uri: str, username: str, /, **more: Any) -> dict[str, Any]:
        """A Person whose key is `URI#main-key`."""
        key_id = f"{uri}#main-key"
        return {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": uri,
            "type": "Person",
            "preferredUsername": username,
            "name": username.title(),
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
            "followers": f"{uri}/followers",
            "featured": f"{uri}/featured",
            "publicKey": {"id": key_id, "owner": uri, "publicKeyPem": self.key(key_id)},
            **more,
        }

    def sign(
        self,
        inbox: str,
        body: bytes,
        signer: str,
        *,
        at: datetime | None = None,
        dialect: Dialect = Dialect.CAVAGE,
        key_id: str | None = None,
        key: str | None = None,
    ) -> dict[str, str]:
        """Headers of a POST that an actor signs; `key_id` is what they name as their key, `key`
        the one that they use.
        """
        key_id = key_id or f"{signer}#main-key"
        asked = {
            "url": inbox,
            "body": base64.b64encode(body).decode(),
            "dialect": dialect.value,
            "key": key or key_id,
            "as": key_id,
            "at": (at or datetime.now(UTC)).isoformat(),
        }
        headers: dict[str, str] = self._ask("sign", asked)
        return headers | {"Content-Type": ACTIVITY}

    def asked(self) -> list[str]:
        """Addresses that were asked for since the last time."""
        found: list[str] = self._ask("asked", {})
        return found

    def _ask(self, verb: str, what: dict[str, Any]) -> Any:
        url = f"http://127.0.0.1:{self.port}{_CONTROL}{verb}"
        with urlopen(Request(url, json.dumps(what).encode())) as answer:
            return json.loads(answer.read())


@contextmanager
def scripted() -> Iterator[Scripted]:
    """The process for the length of a block."""
    command = [sys.executable, "-m", "tests.scripted"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Scripted(int(process.stdout.readline()))
        finally:
            process.terminate()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("", 0), _Handler)
        self.answers: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, SigningKey] = {}
        self.publics: dict[str, str] = {}
        self.asked: list[str] = []

    def handle_error(self, *_: Any) -> None:
        """Whoever hangs up has had enough."""

    def control(self, verb: str, what: dict[str, Any]) -> Any:
        match verb:
            case "serve":
                self.answers[_normal(what["url"])] = what
                return {}
            case "key":
                if what["id"] not in self.keys:
                    private, self.publics[what["id"]] = generate_rsa_key()
                    self.keys[what["id"]] = SigningKey(what["id"], load_private_key(private))
                return {"public": self.publics[what["id"]]}
            case "sign":
                body, at = base64.b64decode(what["body"]), datetime.fromisoformat(what["at"])
                key = SigningKey(what["as"], self.keys[what["key"]].private)
                return sign_request("POST", what["url"], body, key, at, Dialect(what["dialect"]))
        asked, self.asked = self.asked, []
        return asked


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path.startswith(_CONTROL):
            answer = self.server.control(self.path.removeprefix(_CONTROL), json.loads(body))
            self._answer({"body": base64.b64encode(json.dumps(answer).encode()).decode()})
        else:
            self._answer({"status": 202, "body": ""})

    def do_GET(self) -> None:
        url = f"http://{self.headers['host']}{self.path}"
        self.server.asked.append(url)
        self._answer(self.server.answers.get(_normal(url), {"status": 404, "body": ""}))

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def _answer(self, answer: dict[str, Any]) -> None:
        body, pace = base64.b64decode(answer["body"]), answer.get("pace", 0)
        time.sleep(answer.get("wait", 0))
        self.send_response(answer.get("status", 200))
        headers = {"Content-Type": answer.get("kind", ACTIVITY), **answer.get("headers", {})}
        if not answer.get("endless") and not pace:
            headers["Content-Length"] = str(len(body))
        else:
            headers["Connection"] = "close"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):
            self._write(body, pace, endless=bool(answer.get("endless")))

    def _write(self, body: bytes, pace: float, *, endless: bool) -> None:
        chunks = [body[n : n + 1] for n in range(len(body))] if pace else [body]
        while True:
            for chunk in chunks:
                time.sleep(pace)
                self.wfile.write(chunk)
            if not endless:
                return


def _normal(url: str) -> str:
    """The address without what clients write in different ways."""
    parts = urlsplit(url.partition("#")[0])
    query = sorted(parse_qs(parts.query).items())
    return f"{parts.netloc}{parts.path or '/'}{query or ''}"


if __name__ == "__main__":
    with _Server() as server:
        print(server.server_address[1], flush=True)  # noqa: T201
        server.serve_forever(poll_interval=0.05)
