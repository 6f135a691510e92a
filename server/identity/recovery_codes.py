"""Recovery codes: ten, shown once, each signs in once in place of a second factor."""

import hashlib
import hmac
import secrets

from server.identity import second_factors
from server.runtime import Runtime
from server.secrets import Cipher
from server.store import recovery_codes
from server.store.database import Database
from server.store.users import User
from server.transaction import Transaction

_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_LENGTH = 10


async def make_first(tx: Transaction, account_id: int) -> list[str]:
    """Codes for who sets up a first second factor; who has some keeps them, unseen."""
    if await recovery_codes.count_codes(tx.db, account_id):
        return []
    return await _make(tx, account_id)


async def renew(runtime: Runtime, user: User) -> list[str]:
    """New codes; the old ones are void."""
    async with runtime.transaction() as tx:
        codes = await _make(tx, user.account_id)
        await second_factors.changed(runtime, tx, user, "codes")
    return codes


async def use_code(cipher: Cipher, db: Database, account_id: int, code: str) -> bool:
    """Use a code up; gives whether it was good."""
    return await recovery_codes.use_code(db, account_id, _hash(cipher, account_id, code))


async def _make(tx: Transaction, account_id: int) -> list[str]:
    codes = [_new_code() for _ in range(_CODES)]
    hashes = [_hash(tx.cipher, account_id, code) for code in codes]
    await recovery_codes.replace_codes(tx.db, account_id, hashes)
    return codes


def _new_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def _hash(cipher: Cipher, account_id: int, code: str) -> bytes:
    """Keyed with the instance's key: 49 bits would be guessed from a plain hash in a dump."""
    typed = "".join(code.lower().replace("-", "").split())
    key = cipher.derive("recovery-codes")
    return hmac.digest(key, f"{account_id} {typed}".encode(), hashlib.sha256)
