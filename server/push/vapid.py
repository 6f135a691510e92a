"""Who sends a push message: a signed word to the push service (RFC 8292)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from server.push.encryption import Message, base64url, point_of

_VALID = timedelta(hours=12)  # a day is the most that services take


@dataclass(frozen=True, slots=True)
class VapidKey:
    """The instance's key, opened; `public` is what apps subscribe with (base64url of a point)."""

    private: ec.EllipticCurvePrivateKey
    public: str


def generate_key() -> tuple[bytes, bytes]:
    """A new private key (PKCS #8) and its public point."""
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return private, point_of(key.public_key())


def load_key(private: bytes) -> VapidKey:
    """A key that `generate_key` made."""
    key = load_der_private_key(private, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return VapidKey(key, base64url(point_of(key.public_key())))


def headers_of(
    message: Message, key: VapidKey, endpoint: str, subject: str, now: datetime
) -> Mapping[str, str]:
    """All headers with which the service takes a message; `subject` is a mailto: or https: address.

    The draft's encoding goes with the draft's way to say who sends
    (draft-ietf-webpush-vapid-01).
    """
    token = _sign(key, endpoint, subject, now)
    if not message.crypto_key:
        return {**message.headers, "Authorization": f"vapid t={token}, k={key.public}"}
    return {
        **message.headers,
        "Authorization": f"WebPush {token}",
        "Crypto-Key": f"{message.crypto_key};p256ecdsa={key.public}",
    }


def _sign(key: VapidKey, endpoint: str, subject: str, now: datetime) -> str:
    """A JSON web token for the service's origin (RFC 7515, ES256)."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + _VALID).timestamp()),
        "sub": subject,
    }
    header = {"typ": "JWT", "alg": "ES256"}
    signed = ".".join(base64url(orjson.dumps(part)) for part in (header, claims))
    signature = key.private.sign(signed.encode(), ec.ECDSA(SHA256()))
    numbers = b"".join(n.to_bytes(32, "big") for n in decode_dss_signature(signature))
    return f"{signed}.{base64url(numbers)}"
