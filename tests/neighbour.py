"""A server of somebody else's, played by the tests: its own keys, its own documents, real HTTP."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import md5
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import orjson

from federation.documents.audience import PUBLIC
from federation.signatures.keys import SigningKey, generate_rsa_key, load_private_key
from federation.signatures.sign import sign_request
from tests.serving import serving

ACTIVITY = "application/activity+json"


class Neighbour:
    """Serves `documents` by path and keeps what comes into its inboxes in `received`."""

    def __init__(self, port: int) -> None:
        self.domain = f"127.0.0.1:{port}"
        self.origin = f"http://{self.domain}"
        self.documents: dict[str, Any] = {}
        self.webfingers: dict[str, Any] = {}  # answers by resource, before those about actors
        self.gone: set[str] = set()  # paths of what is deleted for ever
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []  # paths of the files that were fetched
        self.received: list[dict[str, Any]] = []
        self.synchronizations: list[str] = []  # headers that came along (FEP-8fcf)
        self.answers: dict[str, int] = {}
        self.may_answer = threading.Event()  # cleared, it takes all and answers nothing
        self.may_answer.set()
        self.takes = ""  # a header without which an activity is refused
        self.refused = 0
        self._keys: dict[str, SigningKey] = {}

    def actor(self, name: str, **more: Any) -> str:
        """Make an actor; gives its id."""
        uri = f"{self.origin}/users/{name}"
        private, public = generate_rsa_key()
        self._keys[uri] = SigningKey(f"{uri}#main-key", load_private_key(private))
        self.documents[f"/users/{name}"] = {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": uri,
            "type": "Person",
            "preferredUsername": name,
            "name": name.title(),
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
            "followers": f"{uri}/followers",
            "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": public},
            **more,
        }
        return uri

    def note(
        self, author: str, number: str, content: str = "<p>hello</p>", **more: Any
    ) -> dict[str, Any]:
        """A public note that can be fetched."""
        uri = f"{author}/statuses/{number}"
        note = {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": uri,
            "type": "Note",
            "attributedTo": author,
            "content": content,
            "to": [PUBLIC],
            "cc": [f"{author}/followers"],
            "published": now_text(),
            **more,
        }
        self.documents[urlsplit(uri).path] = note
        return note

    def signed(
        self, inbox: str, activity: Any, signer: str | None = None, at: datetime | None = None
    ) -> tuple[bytes, dict[str, str]]:
        """Body and headers of an activity, signed by its actor or by another one of here."""
        body = orjson.dumps(activity)
        return body, self.signed_bytes(inbox, body, signer or activity["actor"], at)

    def signed_bytes(
        self, inbox: str, body: bytes, signer: str, at: datetime | None = None
    ) -> dict[str, str]:
        """Headers of a body, whatever it is."""
        headers = sign_request("POST", inbox, body, self._keys[signer], at or datetime.now(UTC))
        return headers | {"Content-Type": ACTIVITY}

    def signed_get(self, url: str, signer: str) -> dict[str, str]:
        """Headers of a GET that one of here signs."""
        return dict(sign_request("GET", url, b"", self._keys[signer], datetime.now(UTC)))


@contextmanager
def neighbour(*, port: int = 0) -> Iterator[Neighbour]:
    """A neighbour that serves for the length of a block."""
    with serving(_Handler, Neighbour, port=port) as found:
        try:
            yield found
        finally:
            found.may_answer.set()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        home: Neighbour = self.server.found  # type: ignore[attr-defined]
        parts = urlsplit(self.path)
        if parts.path in home.gone:
            self._answer(410)
        elif parts.path == "/.well-known/webfinger":
            resource = parse_qs(parts.query)["resource"][0]
            name = resource.removeprefix("acct:").partition("@")[0]
            if resource in home.webfingers:
                self._answer(200, home.webfingers[resource], "application/jrd+json")
                return
            if f"/users/{name}" not in home.documents:
                self._answer(404)
                return
            link = {"rel": "self", "type": ACTIVITY, "href": f"{home.origin}/users/{name}"}
            jrd = {"subject": resource, "links": [link]}
            self._answer(200, jrd, "application/jrd+json; charset=utf-8")
        elif parts.path in home.files:
            home.asked.append(parts.path)
            self.send_response(200)
            self.send_header("Content-Type", "application/octet-stream")
            self.send_header("Content-Length", str(len(home.files[parts.path])))
            self.end_headers()
            self.wfile.write(home.files[parts.path])
        elif parts.path in home.documents:
            self._answer(200, home.documents[parts.path])
        else:
            self._answer(404)

    def do_POST(self) -> None:
        home: Neighbour = self.server.found  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["content-length"]))
        if home.takes and home.takes not in self.headers:
            home.refused += 1
            self._answer(401)
            return
        home.received.append(orjson.loads(body))
        if told := self.headers["collection-synchronization"]:
            home.synchronizations.append(told)
        self._answer(home.answers.get(self.path, 202))

    def log_message(self, *args: Any) -> None:
        """Quiet."""

    def _answer(self, status: int, document: Any = None, kind: str = ACTIVITY) -> None:
        home: Neighbour = self.server.found  # type: ignore[attr-defined]
        home.may_answer.wait()
        body = orjson.dumps(document) if document is not None else b""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


async def deliver(
    client: httpx.AsyncClient,
    home: Neighbour,
    activity: Any,
    signer: str | None = None,
    path: str = "/ap/inbox",
    **headers: str,
) -> httpx.Response:
    """Put an activity into the shared inbox of the application under test, or into one actor's."""
    inbox = f"http://localhost:3000{path}"
    body, signed = await asyncio.to_thread(home.signed, inbox, activity, signer)
    return await client.post(path, content=body, headers={**signed, **headers})


def activity(kind: str, actor: str, inner: Any, **more: Any) -> dict[str, Any]:
    """An activity with an id of its own."""
    number = md5(f"{kind} {inner} {more}".encode(), usedforsecurity=False).hexdigest()
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{actor}#{kind}/{number}",
        "type": kind,
        "actor": actor,
        "object": inner,
        **more,
    }


def now_text() -> str:
    """Now, as documents say it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
