"""Our custom emoji as ActivityPub objects."""

from starlette.responses import Response

from server.errors import NotFound
from server.outbox.objects import emoji_document
from server.store import custom_emojis
from web.activitypub.answers import activity_response
from web.request import Request


async def show(request: Request) -> Response:
    """One of ours, also while no new text may have it. Raises NotFound."""
    if not request.runtime.settings.federation_enabled:
        raise NotFound
    found = await custom_emojis.find_all(request.runtime.db, [request.path_params["shortcode"]])
    if not found:
        raise NotFound
    return activity_response(emoji_document(found[0], request.addresses))
