"""Files of the media storage, never as anything that a browser would run."""

import re

from starlette.responses import RedirectResponse, Response, StreamingResponse

from server.errors import NotFound
from server.remote.media import copy_of, is_copy_closed, picture_of
from server.store import suspensions
from web.request import Request

# Players ask for parts of a film (RFC 9110, 14); other forms of ranges are answered with all of it.
_RANGE = re.compile(r"bytes=([0-9]{1,12})-([0-9]{0,12})")
_LARGEST_PART = 4 * 1024**2

_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "aac": "audio/aac",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "m4a": "audio/mp4",
}


async def show_remote(request: Request) -> Response:
    """A file of somebody else's: to our copy of it, which may move."""
    return _to_copy(request, await copy_of(request.runtime, request.path_params["key"]))


async def show_remote_picture(request: Request) -> Response:
    """A picture or emoji of somebody else's, in the same way."""
    key, name = request.path_params["key"], request.path_params["name"]
    return _to_copy(request, await picture_of(request.runtime, key, name, still=False))


async def show_still(request: Request) -> Response:
    """The same, of what moves the first frame alone."""
    key, name = request.path_params["key"], request.path_params["name"]
    return _to_copy(request, await picture_of(request.runtime, key, name, still=True))


def _to_copy(request: Request, name: str) -> Response:
    headers = {"Cache-Control": "public, max-age=3600", "Access-Control-Allow-Origin": "*"}
    return RedirectResponse(request.addresses.media(name), 302, headers)


async def show(request: Request) -> Response:
    """A file for ever: its name is random and is never used again. Raises NotFound, also while its
    owner is suspended.

    Also out of a bucket, which so may be private; with the setting `media_url` readers ask
    elsewhere.
    """
    name: str = request.path_params["name"]
    kind = _TYPES.get(name.rpartition(".")[2])
    if kind is None or await _is_closed(request, name):
        raise NotFound
    size, chunks = await request.runtime.media.stream(name)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
    }
    part = _RANGE.fullmatch(request.headers.get("range", ""))
    start = int(part[1]) if part else size
    if part and start < size:
        end = min(int(part[2]) + 1 if part[2] else size, size, start + _LARGEST_PART)
        body = await request.runtime.media.read_range(name, start, max(end, start + 1))
        headers["Content-Range"] = f"bytes {start}-{start + len(body) - 1}/{size}"
        return Response(body, 206, headers, kind)
    return StreamingResponse(chunks, 200, {**headers, "Content-Length": str(size)}, kind)


async def _is_closed(request: Request, name: str) -> bool:
    if name.startswith("cache/"):
        return await is_copy_closed(request.runtime, name)
    return await suspensions.is_closed(request.runtime.db, name)
