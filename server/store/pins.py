"""Statuses that an account shows first on its profile."""

from server.store.database import Database, affected
from server.store.visibility import visible


async def insert_pin(db: Database, account_id: int, status_id: int) -> bool:
    """Whether the status was not pinned before."""
    tag = await db.execute(
        """
        INSERT INTO status_pins (account_id, status_id) VALUES ($1, $2)
        ON CONFLICT ON CONSTRAINT status_pins_unique DO NOTHING
        """,
        account_id,
        status_id,
    )
    return affected(tag) > 0


async def delete_pin(db: Database, account_id: int, status_id: int) -> bool:
    """Whether the status was pinned."""
    tag = await db.execute(
        "DELETE FROM status_pins WHERE account_id = $1 AND status_id = $2", account_id, status_id
    )
    return affected(tag) > 0


async def count_pins(db: Database, account_id: int) -> int:
    """How many an account has pinned."""
    return int(
        await db.fetchval("SELECT count(*) FROM status_pins WHERE account_id = $1", account_id)
    )


async def list_pinned_uris(db: Database, account_id: int) -> list[str]:
    """Ids of those that everybody may see, newest pin first."""
    rows = await db.fetch(
        f"""
        SELECT s.uri FROM status_pins p JOIN statuses s ON s.id = p.status_id
        WHERE p.account_id = $1 AND {visible("s", "NULL::bigint")}
        ORDER BY p.id DESC
        """,
        account_id,
    )
    return [row["uri"] for row in rows]
