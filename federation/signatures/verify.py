"""The one door for signatures of others: deny unless everything holds."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from federation.errors import SignatureExpired, SignatureInvalid, SignatureMissing
from federation.signatures import cavage
from federation.signatures.digest import check_digest
from federation.signatures.keys import PublicKey, load_public_key
from federation.signatures.message import SignedMessage

# Mastodon signs anew for each retry and accepts 12 hours; clocks may be an hour wrong.
OLDEST = timedelta(hours=12)
SKEW = timedelta(hours=1)

FindKey = Callable[[str, bool], Awaitable[PublicKey]]


async def verify_request(message: SignedMessage, find_key: FindKey, now: datetime) -> PublicKey:
    """The key that signed the request; its `owner` is who sent it.

    `find_key(key_id, refetch)` gives a key by its id, from the store or anew from its origin; it
    is asked a second time when a known key does not fit (the key may have been changed).
    Raises SignatureMissing, SignatureExpired, SignatureInvalid, DigestMismatch, Malformed, and
    what find_key raises.
    """
    signature = cavage.parse(message.single("signature"))
    _check_coverage(signature, message)
    _check_time(signature, message, now)
    if message.body:
        check_digest(message, "digest")
    for refetch in (False, True):
        key = await find_key(signature.key_id, refetch)
        if cavage.is_signed_by(signature, message, load_public_key(key.pem)):
            return key
    raise SignatureInvalid(f"the signature does not fit {signature.key_id}")


def _check_coverage(signature: cavage.CavageSignature, message: SignedMessage) -> None:
    needed = {"(request-target)", "host"}
    if message.body or message.method.upper() == "POST":
        needed.add("digest")
    if missing := needed - set(signature.names):
        raise SignatureMissing(f"not signed: {', '.join(sorted(missing))}")
    for name in needed - {"(request-target)"}:
        message.single(name)


def _check_time(signature: cavage.CavageSignature, message: SignedMessage, now: datetime) -> None:
    signed_at = cavage.time_of(signature, message)
    if not now - OLDEST <= signed_at <= now + SKEW:
        raise SignatureExpired(f"signed at {signed_at.isoformat()}")
    if (
        signature.expires is not None
        and now > datetime.fromtimestamp(signature.expires, UTC) + SKEW
    ):
        raise SignatureExpired("the signature has expired")
