"""Keys as Multikey (FEP-521a, https://www.w3.org/TR/controller-document/#Multikey)."""

import base58
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from federation.errors import Malformed

_ED25519 = b"\xed\x01"
_RSA = b"\x85\x24"
_LONGEST = 4096


def encode_multikey(key: Ed25519PublicKey) -> str:
    """`publicKeyMultibase` of a key of ours."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return encode_multibase(_ED25519 + raw)


def decode_multikey(text: str) -> str:
    """The PEM of a `publicKeyMultibase`, Ed25519 or RSA. Raises Malformed."""
    data = decode_multibase(text)
    try:
        if data.startswith(_ED25519):
            key = Ed25519PublicKey.from_public_bytes(data[2:])
            pem = key.public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        elif data.startswith(_RSA):
            pem = serialization.load_der_public_key(data[2:]).public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        else:
            raise Malformed("a Multikey of a kind that we do not take")
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Malformed(f"not a Multikey: {error}") from error
    return pem.decode()


def encode_multibase(data: bytes) -> str:
    """Base58-btc with its prefix."""
    return "z" + str(base58.b58encode(data), "ascii")


def decode_multibase(text: str) -> bytes:
    """Bytes of a base58-btc text with its prefix. Raises Malformed."""
    if not text.startswith("z") or len(text) > _LONGEST:
        raise Malformed("not base58-btc")
    try:
        return bytes(base58.b58decode(text[1:]))
    except ValueError as error:
        raise Malformed("not base58-btc") from error
