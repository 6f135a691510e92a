"""Activities that came in: kept before they are acknowledged."""

from typing import Any

from server.store.database import Database


async def insert_received(
    db: Database,
    actor_uri: str,
    uri: str | None,
    kind: str,
    body: bytes,
    signature_hash: bytes | None = None,
) -> int | None:
    """Id of the row; None for a Create, Announce, Like or Flag that came before, and for a
    request that was sent before with the same signature.
    """
    found: int | None = await db.fetchval(
        """
        INSERT INTO received (actor_uri, uri, type, body, signature_hash)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING RETURNING id
        """,
        actor_uri,
        uri,
        kind,
        body,
        signature_hash,
    )
    return found


async def find_received(db: Database, received_id: int) -> Any:
    """Row (actor_uri, body) of one that is not processed yet."""
    return await db.fetchrow(
        "SELECT actor_uri, body FROM received WHERE id = $1 AND processed_at IS NULL", received_id
    )


async def mark_processed(db: Database, received_id: int, error: str | None) -> None:
    """Done; the error tells why it had no effect."""
    await db.execute(
        "UPDATE received SET processed_at = now(), error = $2 WHERE id = $1", received_id, error
    )
