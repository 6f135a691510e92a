"""What binds a body to its signature: `Digest` (RFC 3230) and `Content-Digest` (RFC 9530)."""

import base64
import hashlib
import hmac
from typing import Any

import http_sf

from federation.errors import DigestMismatch, Malformed
from federation.signatures.message import SignedMessage

_CONTENT_DIGESTS = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


def make_digest(body: bytes) -> str:
    """Value of the Digest header; upper case, since some servers take nothing else."""
    return "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()


def make_content_digest(body: bytes) -> str:
    """Value of the Content-Digest header."""
    return str(http_sf.ser({"sha-256": (hashlib.sha256(body).digest(), {})}))


def check_content_digest(message: SignedMessage) -> None:
    """Compare the body with every SHA-256 and SHA-512 that it is said to have.

    Raises DigestMismatch, Malformed.
    """
    try:
        digests: Any = http_sf.parse(
            (message.value("content-digest") or "").encode("ascii"), tltype="dictionary"
        )
    except (ValueError, UnicodeEncodeError) as error:
        raise Malformed("the Content-Digest header cannot be read") from error
    found = [
        hmac.compare_digest(digests[name][0], make(message.body).digest())
        for name, make in _CONTENT_DIGESTS.items()
        if name in digests and isinstance(digests[name][0], bytes)
    ]
    if not found or not all(found):
        raise DigestMismatch("the body does not fit its content-digest")


def check_digest(message: SignedMessage, header: str) -> None:
    """Compare the body with its SHA-256 in that header. Raises DigestMismatch."""
    expected = base64.b64encode(hashlib.sha256(message.body).digest()).decode()
    for part in (message.value(header) or "").split(","):
        algorithm, _, value = part.strip().partition("=")
        if algorithm.lower() == "sha-256":
            if hmac.compare_digest(value.strip(": ").encode(), expected.encode()):
                return
            break
    raise DigestMismatch(f"the body does not fit its {header}")
