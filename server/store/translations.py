"""Translations that were asked for, so that each is made once."""

from datetime import datetime
from typing import Any

from server.store.database import Database


async def find_translation(
    db: Database, status_id: int, language: str, edited_at: datetime | None
) -> dict[str, Any] | None:
    """What was kept of a status as it stands since `edited_at`."""
    found: dict[str, Any] | None = await db.fetchval(
        """
        SELECT body FROM translations
        WHERE status_id = $1 AND language = $2 AND edited_at IS NOT DISTINCT FROM $3
        """,
        status_id,
        language,
        edited_at,
    )
    return found


async def put_translation(
    db: Database, status_id: int, language: str, edited_at: datetime | None, body: dict[str, Any]
) -> None:
    """Keep a translation; nothing happens when the status is gone meanwhile."""
    await db.execute(
        """
        INSERT INTO translations (status_id, language, edited_at, body)
        SELECT id, $2, $3, $4 FROM statuses WHERE id = $1
        ON CONFLICT (status_id, language) DO UPDATE SET edited_at = $3, body = $4,
            created_at = now()
        """,
        status_id,
        language,
        edited_at,
        body,
    )
