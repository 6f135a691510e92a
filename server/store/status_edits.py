"""Versions of edited statuses, as they are read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.store.database import Database


@dataclass(frozen=True, slots=True)
class Version:
    """One version; `media` are {id, description} as they were."""

    content: str
    spoiler_text: str
    sensitive: bool
    media: list[dict[str, Any]]
    poll_options: list[str] | None
    created_at: datetime


async def list_versions(db: Database, status_id: int) -> list[Version]:
    """All versions of an edited status, the first one first; none for one never edited."""
    rows = await db.fetch(
        """
        SELECT content, spoiler_text, sensitive, media, poll_options, created_at FROM status_edits
        WHERE status_id = $1 ORDER BY id
        """,
        status_id,
    )
    return [Version(**row) for row in rows]


async def mentioned_ids(db: Database, status_id: int) -> list[int]:
    """Whom a status names."""
    rows = await db.fetch(
        "SELECT account_id FROM status_mentions WHERE status_id = $1 AND NOT silent", status_id
    )
    return [row["account_id"] for row in rows]


async def addressed_ids(db: Database, status_id: int) -> list[int]:
    """For whom a status is beside followers: also those whom it does not name, or no longer."""
    rows = await db.fetch("SELECT account_id FROM status_mentions WHERE status_id = $1", status_id)
    return [row["account_id"] for row in rows]


async def booster_ids(db: Database, status_id: int) -> list[int]:
    """Who boosted a status: they are told when it is edited."""
    rows = await db.fetch("SELECT account_id FROM statuses WHERE boost_of_id = $1", status_id)
    return [row["account_id"] for row in rows]


async def tag_names(db: Database, status_id: int) -> list[str]:
    """Hashtags of a status."""
    rows = await db.fetch(
        "SELECT t.name FROM status_tags s JOIN tags t ON t.id = s.tag_id WHERE s.status_id = $1",
        status_id,
    )
    return [row["name"] for row in rows]
