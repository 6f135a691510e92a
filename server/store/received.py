"""Activities that came in: kept before they are acknowledged."""

from dataclasses import dataclass

from server.store import accounts
from server.store.accounts import Account
from server.store.database import Database


async def insert_received(
    db: Database,
    actor_uri: str,
    uri: str | None,
    kind: str,
    body: bytes,
    signature_hash: bytes | None = None,
    host: str | None = None,
    inbox_of: int | None = None,
) -> int | None:
    """Id of the row, with a job for it, in one statement: nothing is written more often.

    `host` has sent it. If deliveries to it failed it is perhaps up again: the oldest is tried now,
    once a minute at most, and that try does not bring its last one nearer.

    `inbox_of` is the member in whose inbox it was put, if that matters. None for a Create,
    Announce, Like or Flag that came before, there, and for a request that was sent before with the
    same signature.
    """
    found: int | None = await db.fetchval(
        """
        WITH new AS (
            INSERT INTO received (actor_uri, uri, type, body, signature_hash, inbox_of)
            VALUES ($1, $2, $3, $4, $5, $7)
            ON CONFLICT DO NOTHING RETURNING id),
        job AS (
            INSERT INTO jobs (name, args)
            SELECT 'process_activity', jsonb_build_array(id) FROM new),
        heard AS (
            UPDATE hosts SET paused_until = NULL, seen_at = now()
            WHERE host = $6 AND failures > 0 AND seen_at < now() - interval '1 minute'
            RETURNING host),
        probe AS (
            UPDATE deliveries SET next_at = now(), attempts = greatest(attempts - 1, 0)
            WHERE id = (SELECT d.id FROM heard JOIN deliveries d USING (host)
                        WHERE d.claimed_by IS NULL AND d.next_at > now() ORDER BY d.id LIMIT 1))
        SELECT id FROM new
        """,
        actor_uri,
        uri,
        kind,
        body,
        signature_hash,
        host,
        inbox_of,
    )
    return found


@dataclass(frozen=True, slots=True)
class Received:
    """What came in, with its actor if we know it and the member in whose inbox it was put."""

    body: bytes
    sender: Account | None
    inbox_of: int | None


async def find_received(db: Database, received_id: int) -> Received | None:
    """One that is not processed yet."""
    row = await db.fetchrow(
        f"""
        SELECT {accounts.COLUMNS}, r.body AS received, r.inbox_of
        FROM received r LEFT JOIN accounts a ON a.uri = r.actor_uri AND {accounts.JOINED}
        WHERE r.id = $1 AND r.processed_at IS NULL
        """,
        received_id,
    )
    if row is None:
        return None
    values = dict(row)
    body, inbox_of = values.pop("received"), values.pop("inbox_of")
    return Received(body, Account(**values) if row["id"] else None, inbox_of)


async def mark_processed(db: Database, received_id: int, error: str | None) -> None:
    """Done; the error tells why it had no effect."""
    await db.execute(
        "UPDATE received SET processed_at = now(), error = $2 WHERE id = $1", received_id, error
    )
