"""FEP-8b32 and FEP-521a: their vectors, what we make, and what is not believed."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from federation.documents.reading import parse_strict
from federation.errors import (
    Malformed,
    RemoteError,
    SignatureExpired,
    SignatureInvalid,
    SignatureMissing,
    Untrusted,
)
from federation.signatures.keys import PublicKey, load_public_key
from federation.signatures.multikey import decode_multibase, decode_multikey, encode_multikey
from federation.signatures.proofs import add_proof, verify_proof

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ALICE = "https://server.example/users/alice"
PRIVATE = Ed25519PrivateKey.generate()
PUBLIC = decode_multikey(encode_multikey(PRIVATE.public_key()))
NOTE = {
    "@context": "https://www.w3.org/ns/activitystreams",
    "type": "Create",
    "actor": ALICE,
    "id": f"{ALICE}#1",
    "object": {"type": "Note", "content": "é <b>", "n": 1.5, "to": [None]},
}


async def find(key_id: str, refetch: bool) -> PublicKey:
    return PublicKey(key_id, ALICE, PUBLIC)


async def test_the_vector_of_the_proposal() -> None:
    [vector] = VECTORS["fep8b32"]
    pem = decode_multikey(vector["publicKeyMultibase"])

    async def find_it(key_id: str, refetch: bool) -> PublicKey:
        return PublicKey(key_id, ALICE, pem)

    assert (await verify_proof(vector["document"], find_it)).owner == ALICE
    secret = decode_multibase(vector["secretKeyMultibase"])[2:]  # behind the prefix of its kind
    private = Ed25519PrivateKey.from_private_bytes(secret)
    assert decode_multikey(encode_multikey(private.public_key())) == pem


@pytest.mark.parametrize("vector", VECTORS["fep521a"])
def test_multikeys(vector: dict[str, Any]) -> None:
    key = load_public_key(decode_multikey(vector["multikey"]["publicKeyMultibase"]))
    if isinstance(key, RSAPublicKey):
        found = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    else:
        found = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    assert found.hex() == vector["public_key_hex"]


@pytest.mark.parametrize("text", ["", "u12", "z", "z0OIl", "z6Mk", "z" + "1" * 5000])
def test_what_is_no_multikey(text: str) -> None:
    with pytest.raises(Malformed):
        decode_multikey(text)


def test_the_canonical_form_of_rfc_8785() -> None:
    value: Any = {
        "numbers": [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
        "string": '€$\u000f\nA\'B"\\\\"/',
        "literals": [None, True, False],
    }
    assert rfc8785.dumps(value) == (
        b'{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        b'"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


async def test_what_we_make_holds() -> None:
    proven = add_proof(NOTE, f"{ALICE}#ed", PRIVATE, NOW)
    assert (await verify_proof(json.loads(json.dumps(proven)), find)).id == f"{ALICE}#ed"


def changed(**more: Any) -> dict[str, Any]:
    return add_proof(NOTE, f"{ALICE}#ed", PRIVATE, NOW) | more


def proof(**more: Any) -> dict[str, Any]:
    made = add_proof(NOTE, f"{ALICE}#ed", PRIVATE, NOW)
    return {**made, "proof": {**made["proof"], **more}}


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (NOTE, SignatureMissing),
        (changed(id="https://server.example/2"), SignatureInvalid),
        (changed(actor="https://server.example/users/eve"), Untrusted),
        (changed(**{"@context": []}), SignatureInvalid),
        (proof(proofPurpose="authentication"), SignatureInvalid),
        (proof(cryptosuite="eddsa-rdfc-2022"), SignatureMissing),
        (proof(created="2020-01-01T00:00:00Z"), SignatureInvalid),
        (proof(expires="2020-01-01T00:00:00Z"), SignatureExpired),
        (proof(expires="soon"), SignatureExpired),
        (proof(expires="2999-01-01T00:00:00Z"), SignatureInvalid),  # it was not signed with that
        (proof(proofValue="z1111"), SignatureInvalid),
        (proof(proofValue=["z"]), SignatureInvalid),
        (proof(verificationMethod=None), SignatureInvalid),
        (changed(n=2**70), Malformed),
    ],
)
async def test_what_does_not_hold(bad: dict[str, Any], error: type[RemoteError]) -> None:
    with pytest.raises(error):
        await verify_proof(bad, find)


def test_no_key_may_stand_twice() -> None:
    with pytest.raises(Malformed):
        parse_strict(b'{"type":"Note","content":"a","object":{"content":"b","content":"c"}}')
