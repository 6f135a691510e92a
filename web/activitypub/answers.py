"""ActivityPub answers, and who asks for one."""

import orjson
from starlette.responses import Response

from federation.documents.context import CONTENT_TYPE, prefers_activity
from federation.documents.reading import Document
from federation.errors import (
    DigestMismatch,
    Gone,
    KeyUnavailable,
    Malformed,
    RemoteError,
    SignatureExpired,
    SignatureInvalid,
    SignatureMissing,
    TooLarge,
)
from web.request import Request

_PUBLIC = "public, max-age=180"


def activity_response(document: Document, status: int = 200, *, is_public: bool = True) -> Response:
    """A document; one that depended on who asked is kept by nobody."""
    headers = {
        "Vary": "Accept",
        "Cache-Control": _PUBLIC if is_public else "private, no-store",
    }
    return Response(orjson.dumps(document), status, headers, f"{CONTENT_TYPE}; charset=utf-8")


def wants_activity(request: Request) -> bool:
    """Whether the document rather than the page is wanted."""
    return prefers_activity(request.headers.get("accept", ""))


def status_of(error: RemoteError) -> int:
    """What a sender is told: 401 for a request that is not signed as it must be."""
    match error:
        case TooLarge():
            return 413
        case Malformed():
            return 400
        case SignatureMissing() | SignatureInvalid() | SignatureExpired() | DigestMismatch():
            return 401
        case KeyUnavailable():
            return 503
        case Gone():
            return 410
        case _:
            return 403
