"""HTTP Message Signatures (RFC 9421), as Mastodon has sent and taken them since 4.5.

https://docs.joinmastodon.org/spec/security/#http-message-signatures
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import http_sf
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from federation.errors import Malformed, SignatureInvalid, SignatureMissing
from federation.signatures.digest import make_content_digest
from federation.signatures.keys import PublicKeyMaterial, SigningKey
from federation.signatures.message import SignedMessage

_LONGEST_HEADER = 8192
_MOST_LABELS = 4
_MOST_COMPONENTS = 32
_RSA, _PSS, _ED25519 = "rsa-v1_5-sha256", "rsa-pss-sha512", "ed25519"
_ALGORITHMS = {None, _RSA, _PSS, _ED25519, "rsa-sha256", "hs2019"}
_PSS_SALT_BYTES = 64


@dataclass(frozen=True, slots=True)
class MessageSignature:
    """One signature of a message: what it covers, in order, its parameters and its bytes."""

    names: Sequence[str]
    parameters: dict[str, Any]
    params_line: str  # the value of "@signature-params"
    signature: bytes

    @property
    def key_id(self) -> str:
        """Id of the key."""
        return str(self.parameters["keyid"])


def sign(
    method: str, url: str, body: bytes | None, key: SigningKey, now: datetime
) -> dict[str, str]:
    """Headers to send with the request: Content-Digest (with a body) and the signature's two."""
    names = ["@method", "@target-uri"]
    headers = {} if body is None else {"Content-Digest": make_content_digest(body)}
    if body is not None:
        names.append("content-digest")
    algorithm = _RSA if isinstance(key.private, rsa.RSAPrivateKey) else _ED25519
    parameters = {"created": int(now.timestamp()), "keyid": key.id, "alg": algorithm}
    params_line = _line([(name, {}) for name in names], parameters)
    message = SignedMessage(
        method, url, [(name.lower(), value) for name, value in headers.items()], body or b""
    )
    base = _base(message, names, params_line)
    if isinstance(key.private, rsa.RSAPrivateKey):
        signature = key.private.sign(base, padding.PKCS1v15(), hashes.SHA256())
    else:
        signature = key.private.sign(base)
    headers["Signature-Input"] = f"sig1={params_line}"
    headers["Signature"] = http_sf.ser({"sig1": (signature, {})})
    return headers


def parse(message: SignedMessage) -> list[MessageSignature]:
    """The signatures of a message, at most four. Raises Malformed, SignatureMissing."""
    inputs = _dictionary(message, "signature-input")
    values = _dictionary(message, "signature")
    found = []
    for label, (components, parameters) in list(inputs.items())[:_MOST_LABELS]:
        value = values.get(label)
        if not isinstance(components, list) or value is None or not isinstance(value[0], bytes):
            raise Malformed(f"the signature {label} cannot be read")
        if not isinstance(parameters.get("keyid"), str):
            raise SignatureMissing(f"the signature {label} names no key")
        if len(components) > _MOST_COMPONENTS:
            raise Malformed(f"the signature {label} covers too much")
        names = [_name(component) for component in components]
        if len(set(names)) != len(names):
            raise Malformed(f"the signature {label} covers something twice")
        line = _line(components, parameters)
        found.append(MessageSignature(names, parameters, line, value[0]))
    if not found:
        raise SignatureMissing("the request is not signed")
    return found


def check_coverage(signature: MessageSignature, message: SignedMessage) -> None:
    """Method, whole address and body must be signed. Raises SignatureMissing."""
    names = set(signature.names)
    has_host = bool(names & {"@authority", "host"})
    has_path = "@request-target" in names or {"@path", "@query"} <= names
    has_path |= "@path" in names and "?" not in message.url
    if "@method" not in names or not ("@target-uri" in names or (has_host and has_path)):
        raise SignatureMissing("the method and the whole address must be signed")
    is_post = message.method.upper() == "POST"
    if (message.body or is_post) and "content-digest" not in names:
        raise SignatureMissing("not signed: content-digest")


def time_of(signature: MessageSignature) -> datetime:
    """When it was signed. Raises SignatureMissing, Malformed."""
    return _time(signature, "created")


def expiry_of(signature: MessageSignature) -> datetime | None:
    """When it ends to hold, if it says so. Raises Malformed."""
    return _time(signature, "expires") if "expires" in signature.parameters else None


def is_signed_by(
    signature: MessageSignature, message: SignedMessage, key: PublicKeyMaterial
) -> bool:
    """Whether the key made the signature. Raises SignatureInvalid for an algorithm of another
    kind of key, SignatureMissing for something signed that is not there.
    """
    algorithm = signature.parameters.get("alg")
    if algorithm not in _ALGORITHMS:
        raise SignatureInvalid(f"{algorithm!r} is not an algorithm that we take")
    base = _base(message, signature.names, signature.params_line)
    if not isinstance(key, rsa.RSAPublicKey):
        if algorithm not in {None, _ED25519}:
            raise SignatureInvalid(f"{signature.key_id} is no key for {algorithm}")
        return _holds(lambda: key.verify(signature.signature, base))
    if algorithm == _ED25519:
        raise SignatureInvalid(f"{signature.key_id} is no key for {algorithm}")
    if algorithm != _PSS and _holds(
        lambda: key.verify(signature.signature, base, padding.PKCS1v15(), hashes.SHA256())
    ):
        return True
    if algorithm not in {None, _PSS}:
        return False
    pss = padding.PSS(padding.MGF1(hashes.SHA512()), _PSS_SALT_BYTES)
    return _holds(lambda: key.verify(signature.signature, base, pss, hashes.SHA512()))


def _holds(verify: Callable[[], None]) -> bool:
    try:
        verify()
    except InvalidSignature:
        return False
    return True


def _dictionary(message: SignedMessage, name: str) -> dict[str, Any]:
    value = message.value(name) or ""
    if len(value) > _LONGEST_HEADER:
        raise Malformed(f"the {name} header is too long")
    try:
        parsed = http_sf.parse(value.encode("ascii"), tltype="dictionary")
    except (ValueError, UnicodeEncodeError) as error:
        raise Malformed(f"the {name} header cannot be read") from error
    if not isinstance(parsed, dict):
        raise Malformed(f"the {name} header cannot be read")
    return parsed


def _name(component: Any) -> str:
    """A component's name. Parameters (`;req`, `;sf`…) are for what requests here never need."""
    name, parameters = component if isinstance(component, tuple) else (None, None)
    if not isinstance(name, str) or parameters:
        raise Malformed("a signature covers what we do not know")
    return name


def _base(message: SignedMessage, names: Sequence[str], params_line: str) -> bytes:
    """The signature base (RFC 9421, 2.5). Raises SignatureMissing."""
    lines = [f'"{name}": {_value(message, name)}' for name in names]
    return "\n".join([*lines, f'"@signature-params": {params_line}']).encode()


def _line(components: Any, parameters: Any) -> str:
    return str(http_sf.ser([(components, parameters)]))


def _value(message: SignedMessage, name: str) -> str:
    if not name.startswith("@"):
        value = message.value(name)
    else:
        parts = urlsplit(message.url)
        value = {
            "@method": message.method.upper(),
            "@target-uri": message.url,
            "@authority": parts.netloc.lower(),
            "@scheme": parts.scheme,
            "@request-target": message.target,
            "@path": parts.path or "/",
            "@query": f"?{parts.query}",
        }.get(name)
    if value is None:
        raise SignatureMissing(f"{name} is signed but missing")
    return value


def _time(signature: MessageSignature, name: str) -> datetime:
    seconds = signature.parameters.get(name)
    if seconds is None:
        raise SignatureMissing(f"the signature does not say when it was {name}")
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds < 2**33:
        raise Malformed(f"{name} of the signature is no time")
    return datetime.fromtimestamp(seconds, UTC)
