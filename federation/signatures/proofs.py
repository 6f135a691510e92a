"""Proofs inside of documents (FEP-8b32, eddsa-jcs-2022): who wrote it, whoever passes it on.

Made for public things only: on a private one it would let anybody prove what has leaked.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from federation.documents import reading
from federation.documents.reading import Document
from federation.errors import (
    Malformed,
    SignatureExpired,
    SignatureInvalid,
    SignatureMissing,
    Untrusted,
)
from federation.signatures.keys import PublicKey, load_public_key
from federation.signatures.multikey import decode_multibase, encode_multibase

_CONTEXT = "https://w3id.org/security/data-integrity/v1"
_TYPE = "DataIntegrityProof"
_SUITE = "eddsa-jcs-2022"
_PURPOSE = "assertionMethod"


def add_proof(
    document: Document, key_id: str, private: Ed25519PrivateKey, now: datetime
) -> Document:
    """The document with a proof by that key; the context that explains it is added."""
    context = [*reading.as_list(document.get("@context")), _CONTEXT]
    unsecured = {**document, "@context": context}
    proof = {
        "@context": context,
        "type": _TYPE,
        "cryptosuite": _SUITE,
        "verificationMethod": key_id,
        "proofPurpose": _PURPOSE,
        "created": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    value = encode_multibase(private.sign(_digest(proof) + _digest(unsecured)))
    return {**unsecured, "proof": {**proof, "proofValue": value}}


async def verify_proof(
    document: Document, find_key: Callable[[str, bool], Awaitable[PublicKey]]
) -> PublicKey:
    """The key that proves the document, which must be one of its actor.

    The document must come from bytes without doubled keys (`reading.parse_strict`). Raises
    SignatureMissing without a proof of the kind that we know, SignatureInvalid, SignatureExpired,
    Untrusted for another's key, Malformed, and what find_key raises.
    """
    proof = reading.first(document.get("proof"))
    if not isinstance(proof, dict) or (proof.get("type"), proof.get("cryptosuite")) != (
        _TYPE,
        _SUITE,
    ):
        raise SignatureMissing("there is no proof that we can check")
    key_id, value = reading.id_of(proof.get("verificationMethod")), proof.get("proofValue")
    if not key_id or not isinstance(value, str) or proof.get("proofPurpose") != _PURPOSE:
        raise SignatureInvalid("the proof is not complete")
    if "expires" in proof:
        ends_at = reading.time(proof["expires"])
        if ends_at is None or ends_at < datetime.now(UTC):
            raise SignatureExpired(f"the proof ended at {proof['expires']}")
    author = reading.id_of(document.get("actor") or document.get("attributedTo"))
    for refetch in (False, True):
        key = await find_key(key_id, refetch)
        if key.owner != author:
            raise Untrusted(f"{key_id} is no key of {author}")
        if is_proven(document, proof, key):
            return key
    raise SignatureInvalid(f"the proof does not fit {key_id}")


def proof_time(document: Document) -> datetime:
    """When a document was proven. Raises Malformed when the proof does not say so."""
    proof = reading.first(document.get("proof"))
    made_at = reading.time(proof.get("created")) if isinstance(proof, dict) else None
    if made_at is None:
        raise Malformed("the proof does not say when it was made")
    return made_at


def is_proven(document: Document, proof: Document, key: PublicKey) -> bool:
    """Whether the key made the proof of a document. Raises Malformed."""
    public = load_public_key(key.pem)
    if not isinstance(public, Ed25519PublicKey):
        return False
    signature = decode_multibase(proof["proofValue"])
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    if "@context" in proof:
        given = reading.as_list(proof["@context"])
        if reading.as_list(document.get("@context"))[: len(given)] != given:
            return False
        unsecured["@context"] = proof["@context"]
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        public.verify(signature, _digest(config) + _digest(unsecured))
    except InvalidSignature:
        return False
    return True


def _digest(value: Any) -> bytes:
    """SHA-256 of the canonical form (RFC 8785)."""
    try:
        return hashlib.sha256(rfc8785.dumps(value)).digest()
    except rfc8785.CanonicalizationError as error:
        raise Malformed(f"no canonical form: {error}") from error
