"""Networks without access get no answer but that."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from server.runtime import Runtime


class Barrier:
    """Before anything is read or counted, at every address of the instance."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what does not come from there; a socket is closed with the same status."""
        if scope["type"] == "lifespan" or not is_closed(scope):
            await self._app(scope, receive, send)
        else:
            await PlainTextResponse("Forbidden", 403)(scope, receive, send)


def is_closed(scope: Scope) -> bool:
    """Whether a request comes from there."""
    runtime: Runtime = scope["app"].state.runtime
    return bool(scope["client"]) and runtime.closed_networks.refuses(scope["client"][0])
