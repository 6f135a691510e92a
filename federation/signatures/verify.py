"""The one door for signatures of others: deny unless everything holds."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from federation.errors import SignatureExpired, SignatureInvalid, SignatureMissing, Untrusted
from federation.origins import authority_of, is_loopback_name
from federation.signatures import cavage, rfc9421
from federation.signatures.digest import check_content_digest, check_digest
from federation.signatures.keys import PublicKey, PublicKeyMaterial, load_public_key
from federation.signatures.message import SignedMessage

# Mastodon signs anew for each retry and accepts 12 hours; clocks may be an hour wrong.
_OLDEST = timedelta(hours=12)
_SKEW = timedelta(hours=1)

FindKey = Callable[[str, bool], Awaitable[PublicKey]]
_Fits = Callable[[PublicKeyMaterial], bool]


@dataclass(frozen=True, slots=True)
class Verified:
    """Who sent a request, and the bytes of the signature that says so: the same ones again are
    the same request again.
    """

    owner: str
    signature: bytes


async def verify_request(message: SignedMessage, find_key: FindKey, now: datetime) -> Verified:
    """Who signed the request.

    `find_key(key_id, refetch)` gives a key by its id, from the store or anew from its origin; it
    is asked a second time when a known key does not fit (the key may have been changed).
    Raises SignatureMissing, SignatureExpired, SignatureInvalid, DigestMismatch, Malformed, and
    what find_key raises.
    """
    if message.values("signature-input"):
        return await _verify_rfc9421(message, find_key, now)
    signature = cavage.parse(message.single("signature"))
    _check_coverage(signature, message)
    _check_time(cavage.time_of(signature, message), cavage.expiry_of(signature), now)
    if message.body:
        check_digest(message, "digest")
    fits = partial(cavage.is_signed_by, signature, message)
    key = await _find_fitting(signature.key_id, find_key, fits)
    return Verified(key.owner, signature.signature)


async def _verify_rfc9421(message: SignedMessage, find_key: FindKey, now: datetime) -> Verified:
    """Of several signatures one is enough; the first one's problem is told."""
    if message.body:
        check_content_digest(message)
    problem: Untrusted | None = None
    for signature in rfc9421.parse(message):
        try:
            rfc9421.check_coverage(signature, message)
            if "host" in signature.names:
                _check_host(message)
            _check_time(rfc9421.time_of(signature), rfc9421.expiry_of(signature), now)
            fits = partial(rfc9421.is_signed_by, signature, message)
            key = await _find_fitting(signature.key_id, find_key, fits)
            return Verified(key.owner, signature.signature)
        except Untrusted as error:
            problem = problem or error
    raise problem or SignatureMissing("the request is not signed")


async def _find_fitting(key_id: str, find_key: FindKey, fits: _Fits) -> PublicKey:
    for refetch in (False, True):
        key = await find_key(key_id, refetch)
        if fits(load_public_key(key.pem)):
            return key
    raise SignatureInvalid(f"the signature does not fit {key_id}")


def _check_coverage(signature: cavage.CavageSignature, message: SignedMessage) -> None:
    needed = {"(request-target)", "host"}
    if message.body or message.method.upper() == "POST":
        needed.add("digest")
    if missing := needed - set(signature.names):
        raise SignatureMissing(f"not signed: {', '.join(sorted(missing))}")
    for name in needed - {"(request-target)"}:
        message.single(name)
    _check_host(message)


def _check_host(message: SignedMessage) -> None:
    """Raises SignatureInvalid for what was signed for another server, which passes it on to us,
    Malformed for what is no host.

    This very machine is no other server, whatever it is called outside.
    """
    host, scheme = message.single("host"), message.url.partition("://")[0]
    said = f"{scheme}://{host}"
    is_ours = authority_of(said) == authority_of(message.url)
    if not is_ours and not is_loopback_name(urlsplit(said).hostname or ""):
        raise SignatureInvalid(f"the request was signed for {host[:200]}")


def _check_time(signed_at: datetime, expires: datetime | None, now: datetime) -> None:
    if not now - _OLDEST <= signed_at <= now + _SKEW:
        raise SignatureExpired(f"signed at {signed_at.isoformat()}")
    if expires is not None and now > expires + _SKEW:
        raise SignatureExpired("the signature has expired")
