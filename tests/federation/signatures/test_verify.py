from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from federation.errors import (
    DigestMismatch,
    Malformed,
    SignatureExpired,
    SignatureInvalid,
    SignatureMissing,
    Untrusted,
)
from federation.signatures.keys import PublicKey, SigningKey, generate_rsa_key, load_private_key
from federation.signatures.message import SignedMessage
from federation.signatures.sign import Dialect, sign_request
from federation.signatures.verify import verify_request

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
URL = "https://b.example/inbox?x=1"
PRIVATE, PUBLIC = generate_rsa_key()
OTHER_PUBLIC = generate_rsa_key()[1]
KEY = SigningKey("https://a.example/u#k", load_private_key(PRIVATE))


def message(body: bytes = b"{}", at: datetime = NOW, method: str = "POST") -> SignedMessage:
    headers = sign_request(method, URL, body if method == "POST" else None, KEY, at)
    pairs = [(name.lower(), value) for name, value in headers.items()]
    return SignedMessage(method, URL, pairs, body if method == "POST" else b"")


def changed(name: str, value: str | None) -> SignedMessage:
    original = message()
    pairs = [(n, v) for n, v in original.headers if n != name]
    return replace(original, headers=[*pairs, *([(name, value)] if value is not None else [])])


def with_created(seconds: str) -> SignedMessage:
    names = "(request-target) (created) host digest"
    header = f'keyId="a",algorithm="hs2019",created={seconds},headers="{names}",signature="QQ=="'
    return changed("signature", header)


def with_names(names: str) -> SignedMessage:
    return changed("signature", f'keyId="a",headers="{names}",signature="QQ=="')


async def find(key_id: str, refetch: bool) -> PublicKey:
    return PublicKey(key_id, "https://a.example/u", PUBLIC)


async def test_what_we_sign_is_verified_with_body_and_without() -> None:
    for method in ("POST", "GET"):
        key = await verify_request(message(method=method), find, NOW)
        assert key.owner == "https://a.example/u"


async def test_a_signature_without_the_query_is_taken_too() -> None:
    headers = sign_request("POST", URL.partition("?")[0], b"{}", KEY, NOW)
    pairs = [(name.lower(), value) for name, value in headers.items()]
    await verify_request(SignedMessage("POST", URL, pairs, b"{}"), find, NOW)


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (changed("signature", None), SignatureMissing),
        (changed("signature", ""), SignatureMissing),
        (changed("signature", "keyId"), Malformed),
        (changed("signature", 'keyId="a",signature="%%"'), Malformed),
        (with_created("9" * 30), Malformed),
        (changed("signature", "x" * 9000), Malformed),
        (with_names("(request-target) host host digest date"), Malformed),
        (with_names(" ".join(f"x{number}" for number in range(33))), Malformed),
        (changed("date", "yesterday"), Malformed),
        (changed("host", "evil.example"), SignatureInvalid),
        (changed("host", "["), Malformed),
        (changed("host", "x@localhost"), Malformed),
        (changed("digest", "SHA-256=AAAA"), DigestMismatch),
        (changed("digest", None), SignatureMissing),
        (replace(message(), body=b"{ }"), DigestMismatch),
        (replace(message(), url="https://b.example/other"), SignatureInvalid),
        (replace(message(), method="PUT"), SignatureInvalid),
        (message(at=NOW - timedelta(hours=13)), SignatureExpired),
        (message(at=NOW + timedelta(hours=2)), SignatureExpired),
    ],
)
async def test_whatever_does_not_hold_is_refused(bad: SignedMessage, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        await verify_request(bad, find, NOW)


async def test_a_second_signature_header_is_refused() -> None:
    original = message()
    doubled = replace(original, headers=[*original.headers, original.headers[-1]])
    with pytest.raises(SignatureMissing):
        await verify_request(doubled, find, NOW)


@pytest.mark.parametrize("dialect", Dialect)
async def test_what_was_signed_for_another_server_is_not_for_us(dialect: Dialect) -> None:
    headers = sign_request("POST", URL.replace("b.", "c."), b"{}", KEY, NOW, dialect)
    pairs = [(name.lower(), value) for name, value in headers.items()]
    with pytest.raises(SignatureInvalid):
        await verify_request(SignedMessage("POST", URL, pairs, b"{}"), find, NOW)


@pytest.mark.parametrize("host", ["B.example:443", "localhost:3000", "127.0.0.1:3000"])
async def test_our_host_is_written_in_several_ways(host: str) -> None:
    here = URL.replace("b.example", host)
    headers = sign_request("POST", here, b"{}", KEY, NOW)
    pairs = [(name.lower(), value) for name, value in headers.items()]
    await verify_request(SignedMessage("POST", URL, pairs, b"{}"), find, NOW)


async def test_headers_that_must_be_signed_are() -> None:
    original = message()
    signature = next(v for n, v in original.headers if n == "signature")
    for name in ("(request-target) ", " host", " digest"):
        weak = signature.replace(name, "")
        pairs = [(n, weak if n == "signature" else v) for n, v in original.headers]
        with pytest.raises(SignatureMissing):
            await verify_request(replace(original, headers=pairs), find, NOW)


async def test_a_known_key_that_does_not_fit_is_fetched_once_more() -> None:
    asked: list[bool] = []

    async def changed_key(key_id: str, refetch: bool) -> PublicKey:
        asked.append(refetch)
        return PublicKey(key_id, "https://a.example/u", PUBLIC if refetch else OTHER_PUBLIC)

    await verify_request(message(), changed_key, NOW)
    assert asked == [False, True]


async def test_a_weak_or_foreign_key_is_refused() -> None:
    async def nonsense(key_id: str, refetch: bool) -> PublicKey:
        return PublicKey(key_id, "https://a.example/u", "-----BEGIN PUBLIC KEY-----\nAA==\n")

    with pytest.raises((Malformed, Untrusted)):
        await verify_request(message(), nonsense, NOW)
