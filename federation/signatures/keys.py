"""Keys: made, loaded once, kept."""

from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from federation.errors import Malformed

PrivateKey = rsa.RSAPrivateKey | Ed25519PrivateKey
PublicKeyMaterial = rsa.RSAPublicKey | Ed25519PublicKey

_RSA_BITS = 2048
_LONGEST_PEM = 16_384
_CACHED = 10_000


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A published key: its id, the id of the actor that owns it, and the key as PEM."""

    id: str
    owner: str
    pem: str


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key of ours with the id under which it is published."""

    id: str
    private: PrivateKey


def generate_rsa_key() -> tuple[bytes, str]:
    """A new RSA-2048 pair as (private PEM, public PEM); takes some 50 ms."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, public.decode()


@lru_cache(_CACHED)
def load_private_key(pem: bytes) -> PrivateKey:
    """A private key that we made: its numbers are not checked again (that costs 34 ms)."""
    key = serialization.load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey | Ed25519PrivateKey):
        raise TypeError("only RSA and Ed25519 keys sign")
    return key


@lru_cache(_CACHED)
def load_public_key(pem: str) -> PublicKeyMaterial:
    """A remote key. Raises Malformed for what is no RSA (1024 to 8192 bits) or Ed25519 key."""
    if len(pem) > _LONGEST_PEM:
        raise Malformed("the public key is too long")
    try:
        key = serialization.load_pem_public_key(pem.strip().encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Malformed(f"not a public key: {error}") from error
    if isinstance(key, rsa.RSAPublicKey) and 1024 <= key.key_size <= 8192:
        return key
    if isinstance(key, Ed25519PublicKey):
        return key
    raise Malformed("a key of a kind or size that we do not take")
