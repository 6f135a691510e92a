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


@dataclass(frozen=True, slots=True)
class Origin:
    """What a copy is of: an attachment of somebody in that domain, or a picture at that address.

    Neither is known of a copy from before they were noted that nobody has looked at since.
    """

    url: str | None
    domain: str | None
    is_of_suspended: bool


_COLUMNS = "key, file, still_file, fetched_at, used_at"


async def find_copy(db: Database, key: str) -> Copy | None:
    """What we have under that key."""
    row = await db.fetchrow(f"SELECT {_COLUMNS} FROM media_copies WHERE key = $1", key)
    return None if row is None else Copy(**row)


async def find_origin(db: Database, file: str) -> Origin | None:
    """What the copy is of that has that file."""
    row = await db.fetchrow(
        """
        SELECT c.url, a.domain, a.suspended_at IS NOT NULL AS is_of_suspended
        FROM media_copies c LEFT JOIN media_attachments m ON m.proxy_key = c.key
        LEFT JOIN accounts a ON a.id = m.account_id
        WHERE c.file = $1 OR c.still_file = $1
        """,
        file,
    )
    return None if row is None else Origin(**row)


async def is_of_suspended(db: Database, url: str) -> bool:
    """Whether a picture is shown by suspended accounts alone: many may show one and the same."""
    return bool(
        await db.fetchval(
            """
            SELECT CASE
                WHEN EXISTS (SELECT FROM accounts
                             WHERE avatar_remote_url = $1 AND suspended_at IS NULL)
                  OR EXISTS (SELECT FROM accounts
                             WHERE header_remote_url = $1 AND suspended_at IS NULL)
                THEN false
                ELSE EXISTS (SELECT FROM accounts WHERE avatar_remote_url = $1)
                  OR EXISTS (SELECT FROM accounts WHERE header_remote_url = $1) END
            """,
            url,
        )
    )


async def put_copy(
    db: Database, key: str, file: str, still_file: str | None, size: int, url: str | None = None
) -> list[str]:
    """Keep a copy, fetched now; a picture with its address. Gives the files of the one before."""
    row = await db.fetchrow(
        """
        WITH before AS (SELECT file, still_file FROM media_copies WHERE key = $1 FOR UPDATE),
        put AS (
            INSERT INTO media_copies (key, file, still_file, bytes, url)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (key) DO UPDATE SET file = $2, still_file = $3, bytes = $4, url = $5,
                fetched_at = now())
        SELECT file, still_file FROM before
        """,
        key,
        file,
        still_file,
        size,
        url,
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


async def touch(db: Database, key: str, url: str | None) -> None:
    """Somebody looked at it; of a picture its address is noted."""
    await db.execute("UPDATE media_copies SET used_at = now(), url = $2 WHERE key = $1", key, url)


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
