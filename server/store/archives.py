"""Archives that members take along, each kept for a week."""

from dataclasses import dataclass
from datetime import datetime

from server.errors import NotFound
from server.store.database import Database

_PAUSE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Archive:
    """A row of archives; not ready while it is made."""

    id: int
    account_id: int
    file: str
    size_bytes: int
    created_at: datetime
    ready_at: datetime | None


_COLUMNS = "id, account_id, file, size_bytes, created_at, ready_at"


async def insert_archive(db: Database, account_id: int, file: str) -> int | None:
    """An archive to be made; None when the last one is not a week old."""
    made: int | None = await db.fetchval(
        """
        INSERT INTO archives (account_id, file) SELECT $1, $2
        WHERE NOT EXISTS (SELECT FROM archives WHERE account_id = $1
                          AND created_at > now() - make_interval(days => $3))
        RETURNING id
        """,
        account_id,
        file,
        _PAUSE_DAYS,
    )
    return made


async def find_archive(db: Database, archive_id: int) -> Archive | None:
    """The archive with that id, whoever's it is: for jobs."""
    row = await db.fetchrow(f"SELECT {_COLUMNS} FROM archives WHERE id = $1", archive_id)
    return None if row is None else Archive(**row)


async def get_ready(db: Database, archive_id: int, account_id: int) -> Archive:
    """A member's own archive that can be fetched. Raises NotFound, for another's too."""
    found = await find_archive(db, archive_id)
    if found is None or found.account_id != account_id or found.ready_at is None:
        raise NotFound
    return found


async def list_archives(db: Database, account_id: int) -> list[Archive]:
    """A member's archives, the newest first."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM archives WHERE account_id = $1 ORDER BY id DESC", account_id
    )
    return [Archive(**row) for row in rows]


async def finish_archive(db: Database, archive_id: int, size_bytes: int) -> None:
    """It can be fetched."""
    await db.execute(
        "UPDATE archives SET ready_at = now(), size_bytes = $2 WHERE id = $1",
        archive_id,
        size_bytes,
    )


async def delete_old(db: Database) -> list[str]:
    """Forget those that are a week old; gives their files."""
    rows = await db.fetch(
        """
        DELETE FROM archives WHERE created_at < now() - make_interval(days => $1) RETURNING file
        """,
        _PAUSE_DAYS,
    )
    return [row["file"] for row in rows]
