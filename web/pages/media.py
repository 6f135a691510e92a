"""Files of the local media storage, never as anything that a browser would run."""

from starlette.responses import Response, StreamingResponse

from server.errors import NotFound
from web.request import Request

_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
}


async def show(request: Request) -> Response:
    """A file for ever: its name is random and is never used again."""
    name: str = request.path_params["name"]
    kind = _TYPES.get(name.rpartition(".")[2])
    if kind is None or not request.runtime.media.is_local:
        raise NotFound
    size, chunks = await request.runtime.media.stream(name)
    headers = {
        "Content-Length": str(size),
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
    }
    return StreamingResponse(chunks, 200, headers, kind)
