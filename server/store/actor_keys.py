"""Keys of actors."""

from typing import Any

from federation.signatures.keys import PublicKey
from server.store.database import Database


async def find_public_key(db: Database, key_uri: str) -> PublicKey | None:
    """A known actor's key by its id, with the actor's id as owner."""
    row = await db.fetchrow(
        """
        SELECT k.uri, a.uri AS owner, k.public_pem
        FROM actor_keys k JOIN accounts a ON a.id = k.account_id WHERE k.uri = $1
        """,
        key_uri,
    )
    return None if row is None else PublicKey(row["uri"], row["owner"], row["public_pem"])


async def insert_public_key(db: Database, account_id: int, key: PublicKey) -> None:
    """Keep a key that an actor names without showing it; another's stays another's."""
    await db.execute(
        """
        INSERT INTO actor_keys (uri, account_id, public_pem) VALUES ($1, $2, $3)
        ON CONFLICT (uri) DO UPDATE SET public_pem = excluded.public_pem
        WHERE actor_keys.account_id = excluded.account_id
        """,
        key.id,
        account_id,
        key.pem,
    )


async def get_sealed_key(db: Database, account_id: int) -> Any:
    """Row (uri, private_sealed) of the key with which an account of ours signs."""
    return await db.fetchrow(
        """
        SELECT uri, private_sealed FROM actor_keys
        WHERE account_id = $1 AND private_sealed IS NOT NULL ORDER BY created_at DESC LIMIT 1
        """,
        account_id,
    )


async def list_public_keys(db: Database, account_id: int) -> list[tuple[str, str]]:
    """(id, PEM) of an account's keys, newest first."""
    rows = await db.fetch(
        "SELECT uri, public_pem FROM actor_keys WHERE account_id = $1 ORDER BY created_at DESC",
        account_id,
    )
    return [(row["uri"], row["public_pem"]) for row in rows]
