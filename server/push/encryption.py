"""Messages that the receiver alone can read, whatever push service carries them.

Two encodings of the same idea: aes128gcm (RFC 8291 on RFC 8188) and aesgcm, the drafts before it
(draft-ietf-webpush-encryption-04 on draft-ietf-httpbis-encryption-encoding-03), which older apps
and the relays of many phones still read alone.
"""

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_AUTH_BYTES = 16
_POINT_BYTES = 65
_SALT_BYTES = 16
_RECORD_BYTES = 4096
# One record holds it all: less its tag, the delimiter and the header (RFC 8291, 4).
MOST_BYTES = 3993
_CURVE = ec.SECP256R1()


@dataclass(frozen=True, slots=True)
class Message:
    """An encrypted body with the headers that say how; `crypto_key` joins VAPID's in one header."""

    body: bytes
    headers: Mapping[str, str]
    crypto_key: str = ""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom a message is for: the public key as an uncompressed point, the secret shared with us."""

    p256dh: bytes
    auth: bytes


def read_receiver(p256dh: str, auth: str) -> Receiver:
    """A subscription's keys in base64 of either alphabet, padded or not. Raises ValueError."""
    receiver = Receiver(_decode(p256dh), _decode(auth))
    if len(receiver.p256dh) != _POINT_BYTES:
        raise ValueError("p256dh is not an uncompressed point")
    if len(receiver.auth) != _AUTH_BYTES:
        raise ValueError("auth is not 16 bytes long")
    _public_key(receiver)
    return receiver


def encrypt(
    plaintext: bytes,
    receiver: Receiver,
    *,
    standard: bool,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> Message:
    """At most 3993 bytes for `receiver`; `sender` and `salt` are new ones unless a test gives them.

    Raises ValueError for a text that is too long.
    """
    if len(plaintext) > MOST_BYTES:
        raise ValueError("too long for a push message")
    sender = sender or ec.generate_private_key(_CURVE)
    salt = salt or secrets.token_bytes(_SALT_BYTES)
    encode = _aes128gcm if standard else _aesgcm
    return encode(plaintext, receiver, sender, salt)


def base64url(data: bytes) -> str:
    """Without padding, as headers and JWTs have it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _aes128gcm(
    plaintext: bytes, receiver: Receiver, sender: ec.EllipticCurvePrivateKey, salt: bytes
) -> Message:
    ours = point_of(sender.public_key())
    shared = sender.exchange(ec.ECDH(), _public_key(receiver))
    info = b"WebPush: info\0" + receiver.p256dh + ours
    secret = _derive(shared, receiver.auth, info, 32)
    key = _derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + _RECORD_BYTES.to_bytes(4, "big") + bytes([len(ours)]) + ours
    body = header + AESGCM(key).encrypt(nonce, plaintext + b"\x02", None)
    return Message(body, {"Content-Encoding": "aes128gcm"})


def _aesgcm(
    plaintext: bytes, receiver: Receiver, sender: ec.EllipticCurvePrivateKey, salt: bytes
) -> Message:
    ours = point_of(sender.public_key())
    shared = sender.exchange(ec.ECDH(), _public_key(receiver))
    secret = _derive(shared, receiver.auth, b"Content-Encoding: auth\0", 32)
    points = [len(point).to_bytes(2, "big") + point for point in (receiver.p256dh, ours)]
    context = b"P-256\0" + b"".join(points)
    key = _derive(secret, salt, b"Content-Encoding: aesgcm\0" + context, 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\0" + context, 12)
    body = AESGCM(key).encrypt(nonce, b"\0\0" + plaintext, None)
    headers = {"Content-Encoding": "aesgcm", "Encryption": f"salt={base64url(salt)}"}
    return Message(body, headers, f"dh={base64url(ours)}")


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as an uncompressed point: 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _public_key(receiver: Receiver) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, receiver.p256dh)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def _decode(text: str) -> bytes:
    bare = text.strip().rstrip("=").replace("+", "-").replace("/", "_")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64") from error
