"""The test vectors of the specifications."""

import json
import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from federation.errors import DigestMismatch, SignatureMissing
from federation.signatures import cavage, rfc9421
from federation.signatures.digest import check_content_digest
from federation.signatures.keys import PublicKey, load_public_key
from federation.signatures.message import SignedMessage
from federation.signatures.verify import verify_request

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())


def message(vector: dict[str, Any], url: str, **more: str) -> SignedMessage:
    headers = {name.lower(): value for name, value in vector["headers"].items()} | more
    return SignedMessage(vector["method"], url, list(headers.items()), vector["body"].encode())


@pytest.mark.parametrize("vector", VECTORS["cavage12"], ids=lambda v: v["name"])
def test_cavage(vector: dict[str, Any]) -> None:
    header = (
        f'keyId="{vector["keyId"]}",algorithm="{vector["algorithm"]}",'
        f'headers="{" ".join(vector["signed"])}",signature="{vector["signature"]}"'
    )
    signature = cavage.parse(header)
    key = load_public_key(vector["publicKeyPem"])
    asked = message(vector, f"https://example.com{vector['target']}")
    assert cavage.is_signed_by(signature, asked, key)
    other = message(vector, "https://example.com/bar", date="Sun, 05 Jan 2014 21:31:41 GMT")
    assert not cavage.is_signed_by(signature, other, key)


async def test_cavage_that_covers_too_little_is_refused() -> None:
    vector = VECTORS["cavage12"][0]

    async def find(key_id: str, refetch: bool) -> PublicKey:
        return PublicKey(key_id, "https://example.com/u", vector["publicKeyPem"])

    header = f'keyId="Test",algorithm="rsa-sha256",signature="{vector["signature"]}"'
    with pytest.raises(SignatureMissing):
        await verify_request(
            message(vector, "https://example.com/foo", signature=header),
            find,
            datetime(2014, 1, 5, 21, 31, 41, tzinfo=UTC),
        )


@pytest.mark.parametrize("vector", VECTORS["rfc9421"], ids=lambda v: v["name"])
def test_rfc9421(vector: dict[str, Any]) -> None:
    both = {"signature-input": vector["signature_input"], "signature": vector["signature"]}
    asked = message(vector, vector["url"], **both)
    [signature] = rfc9421.parse(asked)
    key = load_public_key(vector["publicKeyPem"])
    assert rfc9421.is_signed_by(signature, asked, key)
    check_content_digest(asked)
    changed = message(vector, "https://example.org/foo", **both)
    assert not rfc9421.is_signed_by(signature, changed, key)
    wrong = message({**vector, "body": "x"}, vector["url"], **both)
    with pytest.raises(DigestMismatch):
        check_content_digest(wrong)


def test_a_signature_that_covers_nothing_holds_and_is_refused() -> None:
    """RFC 9421, B.2.1."""
    [vector] = VECTORS["rfc9421_minimal"]
    both = {"signature-input": vector["signature_input"], "signature": vector["signature"]}
    asked = message(vector, vector["url"], **both)
    [signature] = rfc9421.parse(asked)
    assert rfc9421.is_signed_by(signature, asked, load_public_key(vector["publicKeyPem"]))
    with pytest.raises(SignatureMissing):
        rfc9421.check_coverage(signature, asked)


HOST, ACCEPT = ("host", "example.org"), [("accept", "application/json"), ("accept", "*/*")]


@pytest.mark.parametrize(
    ("method", "url", "headers", "holds"),
    [
        ("GET", "https://example.org/demo?name1=Value1&Name2=value2", [HOST, *ACCEPT], True),
        (
            "GET",
            "https://example.org/demo?name1=Value1&Name2=value2",
            [HOST, ("accept-language", "en-US"), *ACCEPT],
            True,
        ),
        ("GET", "https://example.org/demo", [*ACCEPT, HOST], True),
        ("GET", "http://EXAMPLE.org/demo", [HOST, ("accept", "application/json, */*")], True),
        ("POST", "https://example.org/demo", [HOST, *ACCEPT], False),
        ("GET", "https://example.com/demo", [HOST, *ACCEPT], False),
        ("GET", "https://example.org/", [HOST, *ACCEPT], False),
        ("GET", "https://example.org/demo", [HOST, *reversed(ACCEPT)], False),
    ],
)
def test_what_proxies_may_change(
    method: str, url: str, headers: list[tuple[str, str]], holds: bool
) -> None:
    """RFC 9421, B.4."""
    [vector] = VECTORS["rfc9421_transformed"]
    both = [("signature-input", vector["signature_input"]), ("signature", vector["signature"])]
    asked = SignedMessage(method, url, [*headers, *both], b"")
    [signature] = rfc9421.parse(asked)
    key = load_public_key(vector["publicKeyPem"])
    assert rfc9421.is_signed_by(signature, asked, key) is holds


@pytest.mark.parametrize(("bits", "text"), VECTORS["rfc8785_numbers"])
def test_numbers_in_canonical_form(bits: str, text: str | None) -> None:
    """RFC 8785, appendix B."""
    number = struct.unpack(">d", bytes.fromhex(bits))[0]
    if text is None:
        with pytest.raises(rfc8785.CanonicalizationError):
            rfc8785.dumps(number)
    else:
        assert rfc8785.dumps(number).decode() == text


def test_names_in_canonical_order() -> None:
    """RFC 8785, 3.2.3: by UTF-16, so that an emoji stands before a letter of U+FB33."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\xf6"]
    found = json.loads(rfc8785.dumps(dict.fromkeys(names)))
    assert list(found) == ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]
