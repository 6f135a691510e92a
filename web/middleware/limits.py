"""Bodies are bounded while they are read, and a slash at the end of a path does no harm."""

from starlette.types import Message, Receive, Scope

from server.errors import TooLarge

_FORM_BYTES = 1024 * 1024
# Where files come, of whoever is known by then: what a stranger sends anywhere else is put together
# in memory before anybody looks at it.
_UPLOADS = (
    "/api/v1/media",
    "/api/v2/media",
    "/api/v1/accounts/update_credentials",
    "/api/v1/profile",
    "/api/v1/statuses/",
    "/settings/imports",
    "/settings/profile",
)
_SLASHED = ("/api/", "/oauth/", "/nodeinfo/")


def without_slash(scope: Scope) -> Scope:
    """The scope with the path that is meant."""
    path = scope["path"]
    if path.endswith("/") and path.startswith(_SLASHED):
        return {**scope, "path": path.rstrip("/")}
    return scope


def bounded(scope: Scope, receive: Receive, upload_bytes: int) -> Receive:
    """1 MB for everything but uploads, whatever Content-Length says.

    TooLarge is raised in whoever reads.
    """
    headers = dict(scope["headers"])
    is_form = headers.get(b"content-type", b"").lower().startswith(b"multipart/")
    is_upload = is_form and scope["path"].startswith(_UPLOADS)
    limit = upload_bytes + _FORM_BYTES if is_upload else _FORM_BYTES
    length = headers.get(b"content-length", b"0")
    size = 0
    if length.isdigit() and len(length) < 19 and int(length) > limit:
        size = limit  # refused at the first byte, in the shape of whoever reads

    async def receive_bounded() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise TooLarge("The request is too large")
        return message

    return receive_bounded
