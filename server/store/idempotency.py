"""The first answer to an Idempotency-Key."""

from server.store.database import Database


async def find_answered(db: Database, account_id: int, key: str) -> int | None:
    """Id of the status that this key made within the last hour."""
    found: int | None = await db.fetchval(
        """
        SELECT status_id FROM idempotency_keys
        WHERE account_id = $1 AND key = $2 AND created_at > now() - interval '1 hour'
        """,
        account_id,
        key,
    )
    return found


async def lock_key(db: Database, account_id: int, key: str) -> None:
    """Let a second request with the same key wait until this transaction ends."""
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{account_id} {key}")


async def remember(db: Database, account_id: int, key: str, status_id: int) -> None:
    """Keep which status the key made."""
    await db.execute(
        """
        INSERT INTO idempotency_keys (account_id, key, status_id) VALUES ($1, $2, $3)
        ON CONFLICT (account_id, key) DO UPDATE SET status_id = $3, created_at = now()
        """,
        account_id,
        key,
        status_id,
    )
