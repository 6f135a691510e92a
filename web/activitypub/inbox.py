"""Where other servers put activities."""

import logging

from starlette.responses import Response

from federation.documents.reading import MAX_DOCUMENT_BYTES
from federation.errors import RemoteError
from federation.signatures.message import SignedMessage
from server.errors import NotFound, TooLarge
from server.inbox.receive import receive_activity
from web.activitypub.answers import status_of
from web.pagination import json_response
from web.request import Request

log = logging.getLogger(__name__)


async def receive(request: Request) -> Response:
    """202 when the activity is verified and stored, or does not concern us."""
    inbox_of = request.path_id() if "id" in request.path_params else None
    if not request.runtime.settings.federation_enabled:
        raise NotFound
    message = await signed_message(request)
    try:
        await receive_activity(request.runtime, request.app.state.keys, message, inbox_of)
    except RemoteError as error:
        log.info("inbox: %s: %s", type(error).__name__, error)
        return json_response({"error": str(error)[:300]}, status=status_of(error))
    return Response(status_code=202)


async def signed_message(request: Request) -> SignedMessage:
    """The request as it was signed: at our public address, with its body bounded."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_DOCUMENT_BYTES:
            raise TooLarge("The activity is too large")
        chunks.append(chunk)
    query = f"?{request.url.query}" if request.url.query else ""
    return SignedMessage(
        request.method,
        f"{request.addresses.origin}{request.url.path}{query}",
        [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw],
        b"".join(chunks),
    )
