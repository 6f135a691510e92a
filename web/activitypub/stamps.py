"""The stamps by which our authors agree to what others do with their posts."""

from starlette.responses import Response

from server.errors import NotFound
from server.outbox.quotes import stamp_document
from server.store import accounts, quotes, statuses
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
