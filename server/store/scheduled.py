"""Posts for later, and drafts, which have no time yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.errors import NotFound
from server.store.database import Database
from server.store.media import COLUMNS as MEDIA_COLUMNS
from server.store.pages import Page, arguments, bounds, newest_first
from server.store.status_views import Media


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A row of scheduled_statuses; `params` are those of the post."""

    id: int
    account_id: int
    app_id: int | None
    scheduled_at: datetime | None
    params: dict[str, Any]


_COLUMNS = "id, account_id, app_id, scheduled_at, params"


async def insert_scheduled(
    db: Database,
    account_id: int,
    app_id: int | None,
    scheduled_at: datetime | None,
    params: dict[str, Any],
    media_ids: Sequence[int],
    idempotency_key: str | None,
) -> Scheduled:
    """Keep a post for later, and its uploads with it."""
    row = await db.fetchrow(
        f"""
        INSERT INTO scheduled_statuses (account_id, app_id, scheduled_at, params, idempotency_key)
        VALUES ($1, $2, $3, $4, $5) RETURNING {_COLUMNS}
        """,
        account_id,
        app_id,
        scheduled_at,
        params,
        idempotency_key,
    )
    await db.execute(
        "UPDATE media_attachments SET scheduled_id = $1 WHERE id = ANY($2) AND account_id = $3",
        row["id"],
        list(media_ids),
        account_id,
    )
    return Scheduled(**row)


async def find_answered(db: Database, account_id: int, key: str) -> Scheduled | None:
    """What this Idempotency-Key kept within the last hour."""
    row = await db.fetchrow(
        f"""
        SELECT {_COLUMNS} FROM scheduled_statuses WHERE account_id = $1 AND idempotency_key = $2
          AND created_at > now() - interval '1 hour' LIMIT 1
        """,
        account_id,
        key,
    )
    return None if row is None else Scheduled(**row)


async def scheduled_page(db: Database, account_id: int, page: Page) -> list[Scheduled]:
    """A member's own, the latest made first."""
    rows = await db.fetch(
        f"""
        SELECT {_COLUMNS} FROM scheduled_statuses WHERE account_id = $1 {bounds(page, "id", 2)}
        """,
        account_id,
        *arguments(page),
    )
    return [Scheduled(**row) for row in newest_first(rows, page)]


async def get_scheduled(db: Database, account_id: int, scheduled_id: int) -> Scheduled:
    """One of a member's own. Raises NotFound."""
    row = await db.fetchrow(
        f"SELECT {_COLUMNS} FROM scheduled_statuses WHERE id = $1 AND account_id = $2",
        scheduled_id,
        account_id,
    )
    if row is None:
        raise NotFound
    return Scheduled(**row)


async def take_due(db: Database, scheduled_id: int) -> Scheduled | None:
    """The post, if its time has come; held until the transaction ends."""
    row = await db.fetchrow(
        f"""
        SELECT {_COLUMNS} FROM scheduled_statuses
        WHERE id = $1 AND scheduled_at <= now() FOR UPDATE
        """,
        scheduled_id,
    )
    return None if row is None else Scheduled(**row)


async def count_scheduled(db: Database, account_id: int, day: datetime) -> tuple[int, int]:
    """How many posts wait in all, and for the day (UTC) of that moment."""
    row = await db.fetchrow(
        """
        SELECT count(*), count(*) FILTER (
            WHERE date_trunc('day', scheduled_at AT TIME ZONE 'UTC')
                  = date_trunc('day', $2::timestamptz AT TIME ZONE 'UTC'))
        FROM scheduled_statuses WHERE account_id = $1
        """,
        account_id,
        day,
    )
    return row[0], row[1]


async def set_time(db: Database, scheduled_id: int, scheduled_at: datetime | None) -> None:
    """Publish at another time; None makes it a draft."""
    await db.execute(
        "UPDATE scheduled_statuses SET scheduled_at = $2 WHERE id = $1", scheduled_id, scheduled_at
    )


async def delete_scheduled(db: Database, scheduled_id: int) -> None:
    """Forget it; its uploads are free again."""
    await db.execute("DELETE FROM scheduled_statuses WHERE id = $1", scheduled_id)


async def media_of(db: Database, scheduled_ids: Sequence[int]) -> dict[int, list[Media]]:
    """Uploads that wait for each."""
    rows = await db.fetch(
        f"""
        SELECT scheduled_id, {MEDIA_COLUMNS} FROM media_attachments
        WHERE scheduled_id = ANY($1) ORDER BY id
        """,
        list(scheduled_ids),
    )
    found: dict[int, list[Media]] = {}
    for row in rows:
        values = dict(row)
        found.setdefault(values.pop("scheduled_id"), []).append(Media(**values))
    return found
