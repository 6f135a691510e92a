"""The stamps by which our authors agree to what others do with their posts."""

from starlette.responses import Response

from server.errors import NotFound
from server.outbox import interactions
from server.outbox.quotes import stamp_document
from server.store import accounts, interaction_requests, quotes, statuses
from web.activitypub.answers import activity_response
from web.activitypub.asker import find_asker_id
from web.request import Request


async def show_quote(request: Request) -> Response:
    """Of a quote, to whom may see the post that quotes. Raises NotFound, also when taken back."""
    if not request.runtime.settings.federation_enabled:
        raise NotFound
    db, quoting_id = request.runtime.db, request.path_id()
    quote = await quotes.find_quote(db, quoting_id)
    if quote is None or quote.state != "accepted" or quote.quoted_id is None:
        raise NotFound
    quoted = await statuses.get_status(db, quote.quoted_id)
    if not quoted.local:
        raise NotFound
    asker = await find_asker_id(request)
    quoting = await statuses.get_visible_status(db, quoting_id, asker)
    author = await accounts.get_account(db, quoted.account_id)
    document = stamp_document(author, quoted, quoting, request.addresses)
    return activity_response(document, is_public=asker is None)


async def show(request: Request) -> Response:
    """Of an answer, a favourite or a boost, to whom may see the post that it is about."""
    if not request.runtime.settings.federation_enabled:
        raise NotFound
    db = request.runtime.db
    found = await interaction_requests.find_request(db, request.path_id())
    if found is None or found.state != "accepted" or found.stamp_uri:
        raise NotFound
    asker = await find_asker_id(request)
    status = await statuses.get_visible_status(db, found.status_id, asker)
    author = await accounts.get_account(db, found.target_id)
    if not author.is_local:
        raise NotFound
    document = interactions.stamp_document(author, status, found, request.addresses)
    return activity_response(document, is_public=asker is None)
