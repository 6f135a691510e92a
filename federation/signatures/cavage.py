"""draft-cavage-http-signatures-12, the dialect of the Fediverse."""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from federation.errors import Malformed, SignatureInvalid, SignatureMissing
from federation.signatures.digest import make_digest
from federation.signatures.keys import PrivateKey, PublicKeyMaterial, SigningKey
from federation.signatures.message import SignedMessage

_PARAMETER = re.compile(r'\s*([a-zA-Z]+)=(?:"([^"]*)"|(\d+))\s*(?:,|$)')
_LONGEST_HEADER = 8192
_MOST_NAMES = 32
_ALGORITHMS = {"rsa-sha256", "rsa-sha512", "hs2019", "ed25519", ""}


@dataclass(frozen=True, slots=True)
class CavageSignature:
    """A parsed Signature header."""

    key_id: str
    algorithm: str
    names: list[str]
    signature: bytes
    created: int | None
    expires: int | None


def sign(
    method: str, url: str, body: bytes | None, key: SigningKey, now: datetime
) -> dict[str, str]:
    """Headers to send with the request: Host, Date, Digest (with a body) and Signature."""
    parts = urlsplit(url)
    headers = {"Host": parts.netloc, "Date": format_datetime(now.astimezone(UTC), usegmt=True)}
    if body is not None:
        headers["Digest"] = make_digest(body)
    names = ["(request-target)", *(name.lower() for name in headers)]
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    lines = [f"(request-target): {method.lower()} {target}"]
    lines += [f"{name.lower()}: {value}" for name, value in headers.items()]
    signature = base64.b64encode(_sign_bytes(key.private, "\n".join(lines).encode())).decode()
    headers["Signature"] = (
        f'keyId="{key.id}",algorithm="rsa-sha256",headers="{" ".join(names)}",'
        f'signature="{signature}"'
    )
    return headers


def parse(header: str) -> CavageSignature:
    """Read a Signature header. Raises Malformed, SignatureMissing for an empty part."""
    if len(header) > _LONGEST_HEADER:
        raise Malformed("the Signature header is too long")
    values: dict[str, str] = {}
    position = 0
    while position < len(header):
        match = _PARAMETER.match(header, position)
        if not match or match[1] in values:
            raise Malformed("the Signature header cannot be read")
        values[match[1]] = match[2] if match[2] is not None else match[3]
        position = match.end()
    if not values.get("keyId") or not values.get("signature"):
        raise SignatureMissing("the Signature header lacks keyId or signature")
    try:
        signature = base64.b64decode(values["signature"], validate=True)
        created = int(values["created"]) if "created" in values else None
        expires = int(values["expires"]) if "expires" in values else None
    except (binascii.Error, ValueError) as error:
        raise Malformed("the Signature header cannot be read") from error
    algorithm = values.get("algorithm", "").lower()
    if algorithm not in _ALGORITHMS:
        raise SignatureInvalid(f"{algorithm} is not an algorithm that we take")
    names = values.get("headers", "date").lower().split()
    # Four thousand times the same long header would be 200 MB to check.
    if len(names) > _MOST_NAMES or len(set(names)) != len(names):
        raise Malformed("the signature covers too much, or something twice")
    return CavageSignature(values["keyId"], algorithm, names, signature, created, expires)


def time_of(signature: CavageSignature, message: SignedMessage) -> datetime:
    """When it was signed: `(created)` or the signed Date. Raises Malformed, SignatureMissing."""
    if "(created)" in signature.names and signature.created is not None:
        return _moment(signature.created)
    if "date" not in signature.names:
        raise SignatureMissing("neither date nor (created) is signed")
    try:
        parsed = parsedate_to_datetime(message.single("date"))
    except (ValueError, TypeError) as error:
        raise Malformed("the Date header cannot be read") from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def expiry_of(signature: CavageSignature) -> datetime | None:
    """When it ends to hold, if it says so. Raises Malformed."""
    return None if signature.expires is None else _moment(signature.expires)


def is_signed_by(
    signature: CavageSignature, message: SignedMessage, key: PublicKeyMaterial
) -> bool:
    """Whether the key made the signature; the target is tried with and without its query."""
    targets = dict.fromkeys([message.target, message.target.partition("?")[0]])
    return any(
        _verify_bytes(key, signature, _signing_string(signature, message, target))
        for target in targets
    )


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed(f"{seconds} is no time") from error


def _signing_string(signature: CavageSignature, message: SignedMessage, target: str) -> bytes:
    lines = []
    for name in signature.names:
        if name == "(request-target)":
            value: str | None = f"{message.method.lower()} {target}"
        elif name == "(created)":
            value = None if signature.created is None else str(signature.created)
        elif name == "(expires)":
            value = None if signature.expires is None else str(signature.expires)
        else:
            value = message.value(name)
        if value is None:
            raise SignatureMissing(f"{name} is signed but missing")
        lines.append(f"{name}: {value}")
    return "\n".join(lines).encode()


def _sign_bytes(key: PrivateKey, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(data)


def _verify_bytes(key: PublicKeyMaterial, signature: CavageSignature, data: bytes) -> bool:
    try:
        if isinstance(key, rsa.RSAPublicKey):
            digest = hashes.SHA512() if signature.algorithm == "rsa-sha512" else hashes.SHA256()
            key.verify(signature.signature, data, padding.PKCS1v15(), digest)
        else:
            key.verify(signature.signature, data)
    except InvalidSignature:
        return False
    return True
