"""What Mastodon's own web app asks of its server with the session of the browser.

Nobody here has such a session: what needs one answers as Mastodon answers a client with a token.
"""

from starlette.responses import Response

from server.errors import Invalid, NotFound
from server.store import statuses
from web.mastodon.oembed import answer_for
from web.request import Request


async def embed(request: Request) -> Response:
    """How other sites show a post of ours, by its id; for that of another server none is given."""
    found = await statuses.get_visible_status(
        request.runtime.db, request.path_id(), request.viewer_id
    )
    if not found.local or found.boost_of_id or found.visibility not in {"public", "unlisted"}:
        raise NotFound
    return await answer_for(request, found)


async def needs_session(request: Request) -> Response:  # noqa: ARG001 - the same for all of them
    """Forms of the web app carry a proof that a client with a token cannot have."""
    raise Invalid("Can't verify CSRF token authenticity.")
