"""What binds a body to its signature: `Digest` (RFC 3230) and `Content-Digest` (RFC 9530)."""

import base64
import hashlib
import hmac

from federation.errors import DigestMismatch
from federation.signatures.message import SignedMessage


def make_digest(body: bytes) -> str:
    """Value of the Digest header; upper case, since some servers take nothing else."""
    return "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()


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
