"""What other servers really send (a folder beside this project), as our tests can send it again.

Hosts are exchanged for those of a scripted server, members of theirs that are spoken to for one of
ours, and what a document refers to is put where it can be fetched.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from federation.documents.audience import PUBLIC
from tests.scripted import Scripted

Json = Any
ACTORS = {"Person", "Group", "Application", "Service", "Organization"}
READABLE = {
    "Note", "Article", "Page", "Question", "Image", "Video", "Audio", "Event", "ChatMessage",
}  # fmt: skip
_ADDRESS = re.compile(r"https?://([A-Za-z0-9._-]+(?::\d+)?)(?=[/?#\"'<>\s]|$)")
_WORDS_ONLY = {"@context", "mediaType", "rel", "signature"}
# Templates of tests, filled as those tests do.
_BLANKS = {
    b"{{nickname}}": b"nick", b"{{domain}}": b"blank.example", b"{{DOMAIN}}": b"blank.example",
    b"{{subdomain}}": b"sub.blank.example", b"{{status_id}}": b"1", b"{{object_id}}": b"1",
}  # fmt: skip
_UNMOVED = {
    "www.w3.org", "w3id.org", "joinmastodon.org", "webfinger.net", "schema.org", "localhost:3000",
}  # fmt: skip


def folder() -> Path | None:
    """Where they stand: WANDELGANG_PAYLOADS, else ../shared/payloads; None without any."""
    named = os.environ.get("WANDELGANG_PAYLOADS")
    found = Path(named) if named else Path(__file__).parents[3] / "shared" / "payloads"
    return found if (found / "index.jsonl").exists() else None


@dataclass(frozen=True, slots=True)
class Payload:
    """A row of the index with its document."""

    file: str
    verdict: str
    type: str
    document: Json


def read_index(base: Path) -> list[Payload]:
    """All of them, in the order of the index."""
    rows = [orjson.loads(line) for line in (base / "index.jsonl").read_bytes().splitlines()]
    return [
        Payload(
            row["file"], row["verdict"], row["type"],
            orjson.loads(_filled((base / row["file"]).read_bytes())),
        )
        for row in rows
    ]  # fmt: skip


def _filled(body: bytes) -> bytes:
    for blank, word in _BLANKS.items():
        body = body.replace(blank, word)
    return body


class Moved:
    """A document moved to hosts of the scripted server that no other payload has."""

    def __init__(self, far: Scripted, space: str, document: Json) -> None:
        self._far, self._space = far, space
        self.known: dict[str, Json] = {}
        self.document = self._walk(document)
        self._collect(self.document)

    def origin(self, host: str) -> str:
        """Where a host of the payload now is."""
        return self._far.origin(f"{self._space} {host}")

    def _walk(self, value: Json) -> Json:
        if isinstance(value, dict):
            return {k: v if k in _WORDS_ONLY else self._walk(v) for k, v in value.items()}
        if isinstance(value, list):
            return [self._walk(v) for v in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        moved = _ADDRESS.sub(lambda m: m[0] if m[1] in _UNMOVED else self.origin(m[1]), text)
        if text.startswith("acct:"):
            name, _, host = text.partition("@")
            return f"{name}@{urlsplit(self.origin(host)).netloc}"
        return moved

    def _collect(self, value: Json) -> None:
        """Remember embedded objects by their id."""
        for inner in value.values() if isinstance(value, dict) else value:
            if isinstance(inner, dict | list):
                self._collect(inner)
        if isinstance(value, dict) and isinstance(value.get("id"), str) and "type" in value:
            self.known.setdefault(value["id"], value)

    def serve_actor(self, uri: str, **more: Json) -> str:
        """Put an actor there, as the payload describes it if it does, else one like any other;
        gives the id of its key.
        """
        known = self.known.get(uri, {})
        if type_of(known) not in ACTORS or "inbox" not in known:
            known = {}
        key = known.get("publicKey")
        key = (key[0] if key else {}) if isinstance(key, list) else key or {}
        key_id = key.get("id") or f"{uri}#main-key"
        name = known.get("preferredUsername") or name_of(uri)
        document = {
            "@context": "https://www.w3.org/ns/activitystreams", "id": uri, "type": "Person",
            "preferredUsername": name, "inbox": f"{uri}/inbox", "followers": f"{uri}/followers",
            "featured": f"{uri}/featured", **known, **more,
            "publicKey": {"id": key_id, "owner": uri, "publicKeyPem": self._far.key("shared")},
        }  # fmt: skip
        self._far.serve(uri, document)
        if key_id.partition("#")[0] != uri:
            self._far.serve(key_id, document)
        self._far.handle(name, urlsplit(uri).netloc, uri)
        self.known[uri] = document
        return str(key_id)

    def serve_note(self, uri: str, author: str) -> Json:
        """Put something to read there, as the payload describes it if it does."""
        document = self.known.get(uri) or {}
        if type_of(document) not in READABLE:
            document = {
                "id": uri, "type": "Note", "attributedTo": author, "content": f"<p>{uri}</p>",
                "to": [PUBLIC], "cc": [], "published": "2020-01-01T00:00:00Z",
            }  # fmt: skip
        self._far.serve(uri, document)
        return document


def type_of(document: Json) -> str:
    """The first type, without prefix."""
    kind = document.get("type") if isinstance(document, dict) else ""
    kind = (kind[0] if kind else "") if isinstance(kind, list) else kind
    return (kind or "").removeprefix("as:")


def id_of(value: Json) -> str | None:
    """Id of something embedded or referenced, of many the first."""
    value = (value[0] if value else None) if isinstance(value, list) else value
    value = value.get("id") or value.get("href") if isinstance(value, dict) else value
    return value if isinstance(value, str) else None


def author_of(document: Json) -> str | None:
    """Who wrote it: a person rather than a group."""
    named = document.get("attributedTo") or document.get("actor")
    named = named if isinstance(named, list) else [named]
    return id_of([one for one in named if type_of(one) != "Group"] or named)


def mentions_of(document: Json) -> list[str]:
    """Ids of those whom it names."""
    tags = document.get("tag") or [] if isinstance(document, dict) else []
    tags = tags if isinstance(tags, list) else [tags]
    found = [t.get("href") for t in tags if type_of(t) == "Mention"]
    return [href for href in found if isinstance(href, str) and href.startswith("http")]


def origin_of(uri: str) -> str:
    """Scheme and host of an address."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def name_of(uri: str) -> str:
    """A user name for an actor of whom only the id is known."""
    words = re.findall(r"\w+", urlsplit(uri).path)
    return words[-1] if words else "somebody"
