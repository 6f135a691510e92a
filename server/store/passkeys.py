"""Credentials of WebAuthn: what is public of members' passkeys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server.store.database import Database, affected


@dataclass(frozen=True, slots=True)
class Passkey:
    """A row of passkeys; `public_key` is COSE, `sign_count` what the authenticator counted last."""

    id: int
    account_id: int
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]
    name: str
    created_at: datetime
    last_used_at: datetime | None


_COLUMNS = (
    "id, account_id, credential_id, public_key, sign_count, transports, name, created_at, "
    "last_used_at"
)


async def insert_passkey(
    db: Database,
    account_id: int,
    credential_id: bytes,
    public_key: bytes,
    sign_count: int,
    transports: Sequence[str],
    name: str,
) -> None:
    """A new passkey.

    Raises asyncpg.UniqueViolationError (passkeys_credential_unique) for one that is known.
    """
    await db.execute(
        """
        INSERT INTO passkeys (account_id, credential_id, public_key, sign_count, transports, name)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        account_id,
        credential_id,
        public_key,
        sign_count,
        list(transports),
        name,
    )


async def list_passkeys(db: Database, account_id: int) -> list[Passkey]:
    """A member's passkeys, the oldest first."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM passkeys WHERE account_id = $1 ORDER BY id", account_id
    )
    return [Passkey(**row) for row in rows]


async def find_passkey(db: Database, credential_id: bytes) -> Passkey | None:
    """The passkey with that credential id, locked: of two answers the second sees the count."""
    row = await db.fetchrow(
        f"SELECT {_COLUMNS} FROM passkeys WHERE credential_id = $1 FOR UPDATE", credential_id
    )
    return None if row is None else Passkey(**row)


async def note_use(db: Database, passkey_id: int, sign_count: int) -> None:
    """A passkey was used."""
    await db.execute(
        "UPDATE passkeys SET sign_count = $2, last_used_at = now() WHERE id = $1",
        passkey_id,
        sign_count,
    )


async def delete_passkeys_of(db: Database, account_id: int) -> None:
    """Take all of a member's passkeys away."""
    await db.execute("DELETE FROM passkeys WHERE account_id = $1", account_id)


async def delete_passkey(db: Database, account_id: int, passkey_id: int) -> bool:
    """Take one of a member's passkeys away; gives whether there was one."""
    tag = await db.execute(
        "DELETE FROM passkeys WHERE account_id = $1 AND id = $2", account_id, passkey_id
    )
    return affected(tag) > 0
