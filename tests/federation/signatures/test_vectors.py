"""The test vectors of the specifications."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

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
