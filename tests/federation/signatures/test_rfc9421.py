"""RFC 9421 through the one door: what must be signed, how old it may be, which keys fit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.errors import (
    DigestMismatch,
    Malformed,
    RemoteError,
    SignatureExpired,
    SignatureInvalid,
    SignatureMissing,
)
from federation.signatures.keys import PublicKey, SigningKey, generate_rsa_key, load_private_key
from federation.signatures.message import SignedMessage
from federation.signatures.sign import Dialect, sign_request
from federation.signatures.verify import verify_request

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
URL = "https://b.example/inbox?x=1"
PRIVATE, PUBLIC = generate_rsa_key()
OTHER = generate_rsa_key()[1]
KEY = SigningKey("https://a.example/u#k", load_private_key(PRIVATE))


def message(body: bytes | None = b"{}", key: SigningKey = KEY, at: datetime = NOW) -> SignedMessage:
    method = "GET" if body is None else "POST"
    headers = sign_request(method, URL, body, key, at, Dialect.RFC9421)
    pairs = [(name.lower(), value) for name, value in headers.items()]
    return SignedMessage(method, URL, pairs, body or b"")


def changed(original: SignedMessage, **headers: str) -> SignedMessage:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    kept = [(name, value) for name, value in original.headers if name not in names]
    return replace(original, headers=[*kept, *names.items()])


async def find(key_id: str, refetch: bool) -> PublicKey:
    return PublicKey(key_id, "https://a.example/u", PUBLIC)


async def test_what_we_sign_holds() -> None:
    for one in (message(), message(None)):
        assert (await verify_request(one, find, NOW)).owner == "https://a.example/u"


async def test_an_ed25519_key_signs_as_well() -> None:
    private = Ed25519PrivateKey.generate()
    pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )

    async def find_it(key_id: str, refetch: bool) -> PublicKey:
        return PublicKey(key_id, "https://a.example/u", pem.decode())

    signed = message(key=SigningKey("https://a.example/u#ed", private))
    await verify_request(signed, find_it, NOW)
    with pytest.raises(SignatureInvalid):  # of another kind than it says
        await verify_request(signed, find, NOW)


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (replace(message(), body=b"{ }"), DigestMismatch),
        (replace(message(), url="https://b.example/inbox?x=2"), SignatureInvalid),
        (replace(message(), url="https://c.example/inbox?x=1"), SignatureInvalid),
        (replace(message(), method="PUT"), SignatureInvalid),
        (message(at=NOW - timedelta(hours=13)), SignatureExpired),
        (message(at=NOW + timedelta(hours=2)), SignatureExpired),
        (changed(message(), signature="sig1=:AAAA:"), SignatureInvalid),
        (changed(message(), signature="sig2=:AAAA:"), Malformed),
        (changed(message(), signature="nonsense("), Malformed),
        (changed(message(), signature=""), Malformed),
        (changed(message(), content_digest="sha-256=:AAAA:"), DigestMismatch),
        (changed(message(), content_digest="md5=:AAAA:"), DigestMismatch),
        (changed(message(), signature_input="x" * 9000), Malformed),
        (changed(message(), signature_input='sig1=("@method";req);keyid="k"'), Malformed),
        (changed(message(), signature_input='sig1=("@method" "@method");keyid="k"'), Malformed),
        (changed(message(), signature_input='sig1=("@method")'), SignatureMissing),
        (
            changed(
                message(),
                signature_input='sig1=("@method" "@target-uri" "content-digest");'
                'created=99999999999999;keyid="k"',
            ),
            Malformed,
        ),
    ],
)
async def test_what_does_not_hold(bad: SignedMessage, error: type[RemoteError]) -> None:
    with pytest.raises(error):
        await verify_request(bad, find, NOW)


@pytest.mark.parametrize(
    "covered",
    [
        '"@method" "@target-uri"',  # not the body
        '"@target-uri" "content-digest"',
        '"@method" "content-digest"',
        '"@method" "@path" "@authority" "content-digest"',  # not the query
        '"@method" "@target-uri" "content-digest" "x-missing"',
    ],
)
async def test_everything_that_matters_must_be_signed(covered: str) -> None:
    line = f'sig1=({covered});created={int(NOW.timestamp())};keyid="{KEY.id}"'
    with pytest.raises(SignatureMissing):
        await verify_request(changed(message(), signature_input=line), find, NOW)


async def test_of_several_signatures_one_is_enough() -> None:
    good = message()
    both = changed(
        good,
        signature_input=f'other=("date");created=1;keyid="x", {good.value("signature-input")}',
        signature=f"other=:AAAA:, {good.value('signature')}",
    )
    assert (await verify_request(both, find, NOW)).owner == "https://a.example/u"


async def test_a_changed_key_is_fetched_once_more() -> None:
    asked: list[bool] = []

    async def changed_key(key_id: str, refetch: bool) -> PublicKey:
        asked.append(refetch)
        return PublicKey(key_id, "https://a.example/u", PUBLIC if refetch else OTHER)

    await verify_request(message(), changed_key, NOW)
    assert asked == [False, True]
