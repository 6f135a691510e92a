"""Files of others, copied when somebody looks at them first.

Readers' addresses stay with us, a page needs no other host, and what a server sends is looked at
before a browser is: only pictures, films and sounds, by their first bytes, up to a size.
"""

import asyncio

from federation.documents.reading import is_same_origin
from federation.errors import RemoteError
from federation.transport.fetch import fetch
from server.errors import NotFound
from server.media import images, recordings
from server.media.storage import new_name
from server.runtime import Runtime
from server.store import media

_ACCEPT = "image/*, video/*, audio/*"
_under_way: dict[str, asyncio.Lock] = {}


async def copy_of(runtime: Runtime, key: str) -> str:
    """Name of our copy of the file with that key, fetched now if there is none.

    Raises NotFound for an unknown key and for what cannot be fetched or is no medium.
    """
    lock = _under_way.setdefault(key, asyncio.Lock())
    try:
        async with lock:
            found = await media.find_remote_file(runtime.db, key)
            if found is None:
                raise NotFound
            return found.file or await _fetch(runtime, found)
    finally:
        if not lock.locked():
            _under_way.pop(key, None)


async def _fetch(runtime: Runtime, found: media.RemoteFile) -> str:
    # What the settings allow for federation holds for an author's own host alone.
    is_own = is_same_origin(found.remote_url, found.author_uri)
    client = runtime.http if is_own else runtime.open_web
    try:
        answer = await fetch(
            client, found.remote_url, _ACCEPT, runtime.settings.media_remote_max_bytes
        )
    except RemoteError as error:
        raise NotFound(detail=str(error)) from error
    kind = images.sniff(answer.body) or recordings.sniff(answer.body)
    if kind is None:
        raise NotFound(detail=f"{found.remote_url} is no medium")
    name = new_name("cache", kind)
    await runtime.media.put(name, answer.body, kind)
    if not await media.keep_copy(runtime.db, found.id, name):
        await runtime.media.delete([name])
        raise NotFound
    return name
