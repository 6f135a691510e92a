"""Who asks for an ActivityPub document: whose signature the request carries."""

import logging
from datetime import UTC, datetime

from federation.errors import RemoteError
from federation.origins import authority_of
from federation.signatures.verify import verify_request
from server.store import accounts
from web.activitypub.inbox import signed_message
from web.request import Request

log = logging.getLogger(__name__)


async def find_asker(request: Request) -> str | None:
    """Id of the actor that signed; None without a signature that holds. Verified once."""
    if not hasattr(request.state, "asker"):
        request.state.asker = await _verify(request)
    asker: str | None = request.state.asker
    return asker


async def find_asker_id(request: Request) -> int | None:
    """The account that signed, as far as we know it; None for a stranger."""
    uri = await find_asker(request)
    account = await accounts.find_by_uri(request.runtime.db, uri) if uri else None
    return account.id if account else None


async def _verify(request: Request) -> str | None:
    if "signature" not in request.headers:
        return None
    try:
        message = await signed_message(request)
        signer = await verify_request(message, request.app.state.keys.find, datetime.now(UTC))
    except RemoteError as error:
        log.info("signed fetch taken as a stranger's: %s", error)
        return None
    if request.runtime.domain_rules.refuses(authority_of(signer.owner)):
        log.info("signed fetch taken as a stranger's: %s is blocked", signer.owner)
        return None
    return signer.owner
