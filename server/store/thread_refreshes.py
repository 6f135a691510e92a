"""Looking for the answers to remote posts at their origin: when, and what came of it."""

from dataclasses import dataclass
from typing import Any

from server.store.database import Database

# One that takes longer than this was given up.
_LONGEST = "interval '10 minutes'"
_PAUSE = "interval '15 minutes'"


@dataclass(frozen=True, slots=True)
class Refresh:
    """`found` is how many answers were new."""

    token: str
    is_running: bool
    found: int


_COLUMNS = f"token, finished_at IS NULL AND started_at > now() - {_LONGEST} AS is_running, found"


async def start_refresh(db: Database, status_id: int, token: str) -> bool:
    """Whether it is time: never before, or a quarter of an hour ago."""
    return bool(
        await db.fetchval(
            f"""
            INSERT INTO thread_refreshes AS r (status_id, token) VALUES ($1, $2)
            ON CONFLICT (status_id) DO UPDATE
                SET token = $2, started_at = now(), finished_at = NULL, found = 0
            WHERE r.started_at < now() - {_PAUSE}
            RETURNING true
            """,
            status_id,
            token,
        )
    )


async def find_refresh(db: Database, status_id: int) -> Refresh | None:
    """The latest of a status."""
    row = await db.fetchrow(
        f"SELECT {_COLUMNS} FROM thread_refreshes WHERE status_id = $1", status_id
    )
    return _refresh(row)


async def find_by_token(db: Database, token: str) -> Refresh | None:
    """The one that a client was told of."""
    return _refresh(
        await db.fetchrow(f"SELECT {_COLUMNS} FROM thread_refreshes WHERE token = $1", token)
    )


async def count_found(db: Database, status_id: int, more: int) -> None:
    """So many more answers have been found."""
    await db.execute(
        "UPDATE thread_refreshes SET found = found + $2 WHERE status_id = $1", status_id, more
    )


async def finish_refresh(db: Database, status_id: int) -> None:
    """All that can be found now is found."""
    await db.execute(
        "UPDATE thread_refreshes SET finished_at = now() WHERE status_id = $1", status_id
    )


def _refresh(row: Any) -> Refresh | None:
    return None if row is None else Refresh(**row)
