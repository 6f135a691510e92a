"""What is said to programs that read the whole web (RFC 9309)."""

from starlette.responses import PlainTextResponse, Response

from web.request import Request

# What others wrote, and doors that are there for people.
_CLOSED = ("/media_proxy/", "/interact", "/authorize_interaction", "/auth/", "/oauth/", "/api/")


async def show(request: Request) -> Response:
    """Where they may go; whether a person may be found stands on the person's pages."""
    closed = ("/",) if request.runtime.settings.require_sign_in else _CLOSED
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": "max-age=86400"})
