"""Where media files stand: a folder, or any S3-compatible store. Names are random and never reused,
so a file can be cached for ever and nobody guesses another one.
"""

import secrets
from collections.abc import AsyncIterator, Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, S3Store

from server.errors import NotFound, Unavailable
from server.settings import Settings

_SUFFIXES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/avif": "avif",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "video/x-matroska": "mkv",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
    "application/zip": "zip",
    "application/octet-stream": "bin",
}


class Storage:
    """Files by name. Raises Unavailable when the store does not answer."""

    def __init__(self, store: ObjectStore, *, is_local: bool) -> None:
        self._store = store
        self._is_local = is_local

    async def put(self, name: str, body: bytes, content_type: str) -> None:
        """Write a whole file; it is there or not, never half of it."""
        attributes = None if self._is_local else {"Content-Type": content_type}
        try:
            await obstore.put_async(self._store, name, body, attributes=attributes)
        except BaseError as error:
            raise Unavailable("The media storage does not answer", str(error)) from error

    async def put_file(self, name: str, path: Path, content_type: str) -> None:
        """Write a file of the disk, of any size."""
        attributes = None if self._is_local else {"Content-Type": content_type}
        try:
            await obstore.put_async(self._store, name, path, attributes=attributes)
        except BaseError as error:
            raise Unavailable("The media storage does not answer", str(error)) from error

    async def stream(self, name: str) -> tuple[int, AsyncIterator[bytes]]:
        """Size in bytes and content of a file. Raises NotFound."""
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise NotFound
        try:
            found = await obstore.get_async(self._store, name)
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound from error
        except BaseError as error:
            raise Unavailable("The media storage does not answer", str(error)) from error
        return found.meta["size"], (bytes(chunk) async for chunk in found.stream())

    async def read_range(self, name: str, start: int, end: int) -> bytes:
        """The bytes from `start` to before `end`. Raises NotFound."""
        try:
            return bytes(await obstore.get_range_async(self._store, name, start=start, end=end))
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound from error
        except BaseError as error:
            raise Unavailable("The media storage does not answer", str(error)) from error

    async def read(self, name: str) -> bytes:
        """A whole file. Raises NotFound."""
        _, chunks = await self.stream(name)
        return b"".join([chunk async for chunk in chunks])

    async def delete(self, names: Iterable[str]) -> None:
        """Delete files; those that are not there do no harm."""
        for name in names:
            try:
                await obstore.delete_async(self._store, name)
            except (NotFoundError, FileNotFoundError):
                continue
            except BaseError as error:
                raise Unavailable("The media storage does not answer", str(error)) from error


def open_storage(settings: Settings) -> Storage:
    """The folder DATA/media, or the bucket that the settings name (`s3://BUCKET/PREFIX`).

    A bucket's address and credentials come from the usual AWS_… variables.
    """
    if settings.media_storage:
        parts = urlsplit(settings.media_storage)
        return Storage(S3Store(parts.netloc, prefix=parts.path.strip("/") or None), is_local=False)
    folder = settings.data / "media"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Storage(LocalStore(folder.resolve()), is_local=True)


def new_name(room: str, content_type: str) -> str:
    """A random name with 128 bits in a room of its own, like `media/3f/9a…c.webp`."""
    token = secrets.token_hex(16)
    return f"{room}/{token[:2]}/{token[2:]}.{_SUFFIXES[content_type]}"
