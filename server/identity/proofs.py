"""The keys with which our accounts prove what they write (FEP-8b32), told as FEP-521a says.

They are derived from the instance's secret, one for each account: nothing is stored.
"""

from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.documents.audience import PUBLIC
from federation.documents.reading import Document
from federation.signatures.multikey import encode_multikey
from federation.signatures.proofs import add_proof
from server.secrets import Cipher
from server.store.accounts import Account

_ALWAYS = {"Delete", "Move"}
_WHEN_PUBLIC = {"Create", "Update", "Announce"}


def proof_key(cipher: Cipher, account_id: int) -> Ed25519PrivateKey:
    """The key of one of our accounts."""
    return Ed25519PrivateKey.from_private_bytes(cipher.derive(f"proof-key:{account_id}"))


def proof_key_id(account: Account) -> str:
    """Where the key is told of."""
    return f"{account.uri}#ed25519-key"


def proof_multikey(cipher: Cipher, account: Account) -> str:
    """`publicKeyMultibase` of the account's key."""
    return encode_multikey(proof_key(cipher, account.id).public_key())


def proven(cipher: Cipher, account: Account, activity: Document) -> Document:
    """The activity with a proof, if it is public, a Delete or a Move; else as it is."""
    kind = activity["type"]
    is_public = PUBLIC in [*activity.get("to", ()), *activity.get("cc", ())]
    if kind not in _ALWAYS and not (kind in _WHEN_PUBLIC and is_public):
        return activity
    key = proof_key(cipher, account.id)
    return add_proof(activity, proof_key_id(account), key, datetime.now(UTC))
