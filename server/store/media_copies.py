"""Our copies of others' files, by the last part of their address here."""

from dataclasses import dataclass
from datetime import datetime

from server.store.database import Database


@dataclass(frozen=True, slots=True)
class Copy:
    """A row of media_copies; without a file it is a note that there was none to be had."""

    key: str
    file: str | None
    still_file: str | None
    fetched_at: datetime
    used_at: datetime


_COLUMNS = "key, file, still_file, fetched_at, used_at"


async def find_copy(db: Database, key: str) -> Copy | None:
    """What we have under that key."""
    row = await db.fetchrow(f"SELECT {_COLUMNS} FROM media_copies WHERE key = $1", key)
    return None if row is None else Copy(**row)


async def put_copy(
    db: Database, key: str, file: str, still_file: str | None, size: int
) -> list[str]:
    """Keep a copy, fetched now; gives the files of the one before."""
    row = await db.fetchrow(
        """
        WITH before AS (SELECT file, still_file FROM media_copies WHERE key = $1 FOR UPDATE),
        put AS (
            INSERT INTO media_copies (key, file, still_file, bytes) VALUES ($1, $2, $3, $4)
            ON CONFLICT (key) DO UPDATE SET file = $2, still_file = $3, bytes = $4,
                fetched_at = now())
        SELECT file, still_file FROM before
        """,
        key,
        file,
        still_file,
        size,
    )
    return [name for name in row if name] if row else []


async def note_failure(db: Database, key: str) -> None:
    """It could not be had just now; an older copy stays."""
    await db.execute(
        """
        INSERT INTO media_copies (key) VALUES ($1)
        ON CONFLICT (key) DO UPDATE SET fetched_at = now()
        """,
        key,
    )


async def touch(db: Database, key: str) -> None:
    """Somebody looked at it."""
    await db.execute("UPDATE media_copies SET used_at = now() WHERE key = $1", key)


async def delete_unused(db: Database, days: int, most_bytes: int) -> list[str]:
    """Delete what nobody looked at for so long, and the longest unused ones beyond the size that
    all may have together; gives the files to delete.
    """
    rows = await db.fetch(
        """
        WITH longest_unused AS (
            SELECT key, used_at, bytes FROM media_copies ORDER BY used_at, key LIMIT 10000),
        counted AS (
            SELECT key, used_at, sum(bytes) OVER (ORDER BY used_at, key) - bytes AS before
            FROM longest_unused),
        old AS (
            SELECT key FROM counted WHERE used_at < now() - make_interval(days => $1)
                OR before < (SELECT sum(bytes) FROM media_copies) - $2)
        DELETE FROM media_copies c USING old WHERE c.key = old.key
        RETURNING c.file, c.still_file
        """,
        days,
        most_bytes,
    )
    return [name for row in rows for name in row if name]


async def count_unused(db: Database, days: int) -> int:
    """How many copies nobody looked at for so long."""
    query = "SELECT count(*) FROM media_copies WHERE used_at < now() - make_interval(days => $1)"
    return int(await db.fetchval(query, days))
