"""Bodies are bounded while they are read, and a slash at the end of a path does no harm."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import TooLarge

_FORM_BYTES = 1024 * 1024
_SLASHED = ("/api/", "/oauth/", "/nodeinfo/")


class BodyLimit:
    """1 MB for everything but uploads; the limit holds whatever Content-Length says."""

    def __init__(self, app: ASGIApp, upload_bytes: int) -> None:
        self._app = app
        self._upload_bytes = upload_bytes + _FORM_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what is read; TooLarge is raised in whoever reads."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith(_SLASHED) and scope["path"].endswith("/"):
            scope = {**scope, "path": scope["path"].rstrip("/")}
        headers = dict(scope["headers"])
        is_upload = headers.get(b"content-type", b"").lower().startswith(b"multipart/")
        limit = self._upload_bytes if is_upload else _FORM_BYTES
        size = 0

        async def receive_bounded() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > limit:
                raise TooLarge("The request is too large")
            return message

        length = headers.get(b"content-length", b"0")
        if length.isdigit() and len(length) < 19 and int(length) > limit:
            size = limit  # refused at the first byte, in the shape of whoever reads
        await self._app(scope, receive_bounded, send)
