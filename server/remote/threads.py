"""Threads made whole: what a post answers, and what answers it, fetched where it stands.

What comes this way is old: it is told to nobody. All of it is bounded, since whoever writes a
thread can make it endless.
"""

import asyncio
import logging
from collections import deque
from typing import Any

from federation.documents import note as documents
from federation.documents.note import Note
from federation.documents.reading import id_of
from federation.errors import Gone, Malformed, NotAllowed, RemoteError, Untrusted
from federation.transport.fetch import fetch_document
from server.identity.signing import instance_signer
from server.remote.actors import find_or_fetch_account
from server.remote.collections import items_of
from server.remote.statuses import find_or_fetch_status, store_note
from server.runtime import Runtime
from server.store import statuses, thread_refreshes

log = logging.getLogger(__name__)

_MOST_ANSWERS = 200
_MOST_COLLECTIONS = 50
_MOST_PAGES = 10
_AT_ONCE = 5


async def fetch_parent_job(runtime: Runtime, status_id: int, depth: int) -> None:
    """Job: fetch what a status answers, and what that answers, up to a depth."""
    status = await statuses.find_status(runtime.db, status_id)
    if status is None or not status.in_reply_to_uri or depth <= 0:
        return
    try:
        parent = await find_or_fetch_status(runtime, status.in_reply_to_uri)
    except (Gone, Malformed, NotAllowed, Untrusted):
        return
    async with runtime.transaction() as tx:
        await statuses.adopt_parent(tx.db, status_id, parent)
        if parent.in_reply_to_uri:
            tx.enqueue(
                "fetch_parent", parent.id, depth - 1, once_key=f"parent {parent.in_reply_to_uri}"
            )


async def complete_thread_job(runtime: Runtime, status_id: int) -> None:
    """Job: look for answers to a remote post, in the collections that it and its answers name."""
    status = await statuses.find_status(runtime.db, status_id)
    if status is None or status.local:
        return
    try:
        await _Walk(runtime, status_id).run(status.uri)
    finally:
        await thread_refreshes.finish_refresh(runtime.db, status_id)


class _Walk:
    """From a post to its answers and on to theirs, the nearest first."""

    def __init__(self, runtime: Runtime, status_id: int) -> None:
        self._runtime = runtime
        self._status_id = status_id
        self._seen: set[str] = set()
        self._collections: deque[tuple[Any, str]] = deque()
        self._left = _MOST_ANSWERS

    async def run(self, uri: str) -> None:
        """All that can be had within the bounds."""
        try:
            self._remember(await self._fetch(uri))
        except RemoteError as error:
            log.info("the thread of %s stays as it is: %s", uri, error)
        for _ in range(_MOST_COLLECTIONS):
            if not self._collections or self._left <= 0:
                return
            place, origin = self._collections.popleft()
            uris = await self._read(place, origin)
            for start in range(0, len(uris), _AT_ONCE):
                found = await asyncio.gather(*map(self._take, uris[start : start + _AT_ONCE]))
                await thread_refreshes.count_found(self._runtime.db, self._status_id, sum(found))

    def _remember(self, note: Note) -> None:
        for place in (note.replies, note.context):
            uri = id_of(place)
            if uri and uri not in self._seen:
                self._seen.add(uri)
                self._collections.append((place, note.id))

    async def _read(self, place: Any, origin: str) -> list[str]:
        """Ids that were not seen before; what the collection embeds is read at its own origin."""
        found = []
        try:
            async for item in items_of(self._runtime, place, origin, _MOST_PAGES, self._left):
                uri = id_of(item)
                if uri and uri not in self._seen:
                    self._seen.add(uri)
                    found.append(uri)
        except RemoteError as error:
            log.info("a collection of %s cannot be read: %s", origin, error)
        return found

    async def _take(self, uri: str) -> bool:
        """Whether this was an answer that we did not have."""
        runtime = self._runtime
        if uri.startswith(f"{runtime.settings.origin}/") or self._left <= 0:
            return False
        if await statuses.find_by_uri(runtime.db, uri):
            return False
        self._left -= 1
        try:
            note = await self._fetch(uri)
            if note.in_reply_to is None:
                return False
            author = await find_or_fetch_account(runtime, note.author)
            stored = await store_note(runtime, author, note, is_new=False)
        except RemoteError as error:
            log.info("the answer %s cannot be had: %s", uri, error)
            return False
        self._remember(note)
        return stored is not None

    async def _fetch(self, uri: str) -> Note:
        signer = await instance_signer(self._runtime)
        note = documents.read_note(await fetch_document(self._runtime.http, uri, signer))
        if note.id != uri:
            raise Untrusted(f"{uri} calls itself {note.id}")
        return note
