"""How often somebody tried something lately: counts that every process shares and keeps."""

from server.store.database import Database


async def add_attempt(db: Database, kind: str, subject: bytes, window_seconds: int) -> int:
    """Count one more and give the sum of this window, which begins with the first attempt."""
    return int(
        await db.fetchval(
            """
            INSERT INTO attempts AS a (kind, subject, count) VALUES ($1, $2, 1)
            ON CONFLICT (kind, subject) DO UPDATE SET
                count = CASE WHEN a.started_at > now() - make_interval(secs => $3)
                             THEN a.count + 1 ELSE 1 END,
                started_at = CASE WHEN a.started_at > now() - make_interval(secs => $3)
                                  THEN a.started_at ELSE now() END
            RETURNING count
            """,
            kind,
            subject,
            float(window_seconds),
        )
    )


async def take_back(db: Database, kind: str, subject: bytes) -> None:
    """One attempt less: it was no failure."""
    await db.execute(
        "UPDATE attempts SET count = count - 1 WHERE kind = $1 AND subject = $2 AND count > 0",
        kind,
        subject,
    )


async def forget_attempts(db: Database, kind: str, subject: bytes) -> None:
    """Begin anew: the right one came."""
    await db.execute("DELETE FROM attempts WHERE kind = $1 AND subject = $2", kind, subject)
