"""The scene on which others play: bob and eve on one host, mallory on another, ann here."""

import time
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from federation.documents.audience import PUBLIC
from server.runtime import Runtime
from tests.scripted import Scripted

INBOX = "http://localhost:3000/ap/inbox"
Document = dict[str, Any]


@dataclass
class Stage:
    """Who is there, and what stood there before."""

    far: Scripted
    ann: str
    bob: str
    eve: str
    mallory: str
    post: str  # of ann, public
    private: str  # of ann, for followers; nobody far is one
    note: Document  # of bob, known here
    like: Document  # of bob, of ann's post
    follow: str  # id of ann's Follow of bob


def activity(kind: str, actor: str, inner: Any, **more: Any) -> Document:
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "type": kind,
        "actor": actor,
        "id": f"{actor}#{kind}/{time.monotonic_ns()}",
        "object": inner,
        "to": [PUBLIC],
        **more,
    }


def note_of(author: str, number: str, content: str, **more: Any) -> Document:
    return {
        "id": f"{author}/notes/{number}",
        "type": "Note",
        "attributedTo": author,
        "to": [PUBLIC],
        "cc": [f"{author}/followers"],
        "content": content,
        **more,
    }


async def send(
    client: httpx.AsyncClient, far: Scripted, what: Document, signer: str, **more: Any
) -> httpx.Response:
    body = orjson.dumps(what)
    headers = far.sign(INBOX, body, signer, **more)
    return await client.post("/ap/inbox", content=body, headers=headers)


async def kept(runtime: Runtime) -> list[Any]:
    """All that could have been changed."""
    tables = {
        "statuses": "uri, content, visibility, edited_at",
        "follows": "account_id, target_id",
        "follow_requests": "account_id",
        "favourites": "account_id, status_id",
        "blocks": "account_id",
        "status_pins": "status_id",
        "poll_votes": "account_id",
        "accounts": "uri, display_name, inbox_url, followers_url",
        "notifications": "type",
        "actor_keys": "uri, public_pem",
        "status_mentions": "status_id, account_id",
    }
    return [
        await runtime.db.fetchval(
            f"SELECT array_agg(t::text ORDER BY t::text) FROM (SELECT {c} FROM {t}) t"
        )
        for t, c in tables.items()
    ]
