"""How far a member has read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server.store.database import Database


@dataclass(frozen=True, slots=True)
class Marker:
    """A row of markers."""

    timeline: str
    last_read_id: int
    version: int
    updated_at: datetime


async def list_markers(db: Database, account_id: int, timelines: Sequence[str]) -> list[Marker]:
    """The markers of these timelines that were set."""
    rows = await db.fetch(
        """
        SELECT timeline, last_read_id, version, updated_at FROM markers
        WHERE account_id = $1 AND timeline = ANY($2)
        """,
        account_id,
        list(timelines),
    )
    return [Marker(**row) for row in rows]


async def set_marker(
    db: Database, account_id: int, timeline: str, last_read_id: int, seen: int | None
) -> Marker | None:
    """Say how far one has read; None when the version is not the one that was `seen` before."""
    row = await db.fetchrow(
        """
        INSERT INTO markers (account_id, timeline, last_read_id) VALUES ($1, $2, $3)
        ON CONFLICT (account_id, timeline) DO UPDATE SET last_read_id = $3,
            version = markers.version + 1, updated_at = now()
        WHERE markers.version = $4
        RETURNING timeline, last_read_id, version, updated_at
        """,
        account_id,
        timeline,
        last_read_id,
        seen,
    )
    return None if row is None else Marker(**row)
