"""Files of others, copied when somebody looks at them first.

Readers' addresses stay with us, a page needs no other host, and what a server sends is looked at
before a browser is: only pictures, films and sounds, by their first bytes, up to a size.
Attachments are found by a random key of their own; pictures and emoji of accounts, which stand in
many places, by an address that says which they are and is signed.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from federation.errors import Malformed, RemoteError
from federation.origins import authority_of, is_same_origin
from federation.transport.fetch import fetch
from server.errors import Invalid, NotFound, Unavailable
from server.media import images, recordings
from server.media.storage import new_name
from server.runtime import Runtime
from server.store import media, media_copies
from server.store.media_copies import Copy

_ACCEPT = "image/*, video/*, audio/*"
_PICTURE_MAX_BYTES = 8 * 1024**2
_UNTIL_TRIED_AGAIN = timedelta(hours=1)
_UNTIL_TOUCHED = timedelta(days=1)
_under_way: dict[str, asyncio.Lock] = {}


@dataclass(frozen=True, slots=True)
class _Source:
    """A file elsewhere, with its key at our address; `is_own` when it stands with its author."""

    key: str
    url: str
    is_own: bool
    is_picture: bool


async def copy_of(runtime: Runtime, key: str) -> str:
    """Name of our copy of the attachment with that key, fetched now if there is none.

    Raises NotFound for an unknown key and for what cannot be fetched or is no medium.
    """
    found = await media.find_remote_file(runtime.db, key)
    if found is None:
        raise NotFound
    if runtime.domain_rules.shows_no_media(found.author_domain):
        raise NotFound
    is_own = is_same_origin(found.remote_url, found.author_uri)
    copy = await _find_or_fetch(runtime, _Source(key, found.remote_url, is_own, is_picture=False))
    return _there(copy.file)


async def picture_of(runtime: Runtime, key: str, name: str, *, still: bool) -> str:
    """As copy_of, of `/media_proxy/KEY/NAME`; of a `still` one the first frame alone."""
    source = _picture(runtime, key, name)
    if await _is_closed(runtime, source.url):
        raise NotFound
    copy = await _find_or_fetch(runtime, source)
    age = datetime.now(UTC) - copy.fetched_at
    if age > timedelta(days=runtime.settings.media_remote_days):
        # Behind the same address there may be another picture by now; the old one serves till then.
        async with runtime.transaction() as tx:
            tx.enqueue("refresh_picture", key, name, once_key=f"refresh_picture {key}")
    return _there((copy.still_file if still else None) or copy.file)


async def is_copy_closed(runtime: Runtime, file: str) -> bool:
    """Whether a stored file is a copy that is not shown: what it is of would not be, either."""
    origin = await media_copies.find_origin(runtime.db, file)
    if origin is None:
        return False
    if origin.url:
        return await _is_closed(runtime, origin.url)
    return origin.is_of_suspended or runtime.domain_rules.shows_no_media(origin.domain or "")


async def _is_closed(runtime: Runtime, url: str) -> bool:
    """Whether a picture is of a domain whose media are rejected, or of suspended accounts."""
    try:
        host = authority_of(url)
    except Malformed:
        return True  # kept from when half an address was taken: nothing can be had there
    if runtime.domain_rules.shows_no_media(host):
        return True
    return await media_copies.is_of_suspended(runtime.db, url)


async def refresh_picture_job(runtime: Runtime, key: str, name: str) -> None:
    """Fetch a picture again; the copy that we have stays when that fails."""
    async with _one_at_a_time(key):
        await _fetch(runtime, _picture(runtime, key, name))


def _picture(runtime: Runtime, key: str, name: str) -> _Source:
    found = runtime.addresses.read_remote_picture(key, name)
    if found is None:
        raise NotFound
    url, is_own = found
    return _Source(key, url, is_own, is_picture=True)


def _there(file: str | None) -> str:
    if file is None:
        raise NotFound
    return file


async def _find_or_fetch(runtime: Runtime, source: _Source) -> Copy:
    async with _one_at_a_time(source.key):
        copy, now = await media_copies.find_copy(runtime.db, source.key), datetime.now(UTC)
        if copy is None or (copy.file is None and now - copy.fetched_at > _UNTIL_TRIED_AGAIN):
            await _fetch(runtime, source)
            copy = await media_copies.find_copy(runtime.db, source.key)
    if copy is None:
        raise NotFound
    if now - copy.used_at > _UNTIL_TOUCHED:
        address = source.url if source.is_picture else None
        await media_copies.touch(runtime.db, source.key, address)
    return copy


@asynccontextmanager
async def _one_at_a_time(key: str) -> AsyncIterator[None]:
    lock = _under_way.setdefault(key, asyncio.Lock())
    try:
        async with lock:
            yield
    finally:
        if not lock.locked():
            _under_way.pop(key, None)


async def _fetch(runtime: Runtime, source: _Source) -> None:
    """Keep a copy, or a note that there is none to be had."""
    # What the settings allow for federation holds for an author's own host alone.
    client = runtime.http if source.is_own else runtime.open_web
    most = runtime.settings.media_remote_max_bytes
    if source.is_picture:
        most = min(most, _PICTURE_MAX_BYTES)
    try:
        body = (await fetch(client, source.url, _ACCEPT, most)).body
    except RemoteError:
        body = b""
    kind = images.sniff(body) or (None if source.is_picture else recordings.sniff(body))
    if kind is None:
        await media_copies.note_failure(runtime.db, source.key)
        return
    name = new_name("cache", kind)
    await runtime.media.put(name, body, kind)
    still_name, size = None, len(body)
    if source.is_picture and images.is_animated(body):
        still_name, still_size = await _store_still(runtime, body)
        size += still_size
    address = source.url if source.is_picture else None
    old = await media_copies.put_copy(runtime.db, source.key, name, still_name, size, address)
    await runtime.media.delete(old)


async def _store_still(runtime: Runtime, body: bytes) -> tuple[str | None, int]:
    """Name and size of the first frame; of what we cannot read there is none."""
    try:
        [still] = (await images.process_image(body, "still")).versions
    except (Invalid, Unavailable):
        return None, 0
    name = new_name("cache", still.content_type)
    await runtime.media.put(name, still.body, still.content_type)
    return name, len(still.body)
