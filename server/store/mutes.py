"""Mutes: of accounts, with an end or without."""

from dataclasses import dataclass
from datetime import datetime

from server.store.database import Database, affected
from server.store.pages import Page, arguments, bounds, newest_first


@dataclass(frozen=True, slots=True)
class Mute:
    """A row of mutes."""

    id: int
    target_id: int
    expires_at: datetime | None


async def insert_mute(
    db: Database,
    account_id: int,
    target_id: int,
    *,
    hide_notifications: bool,
    duration_seconds: int,
) -> None:
    """Mute, for ever with a duration of 0."""
    await db.execute(
        """
        INSERT INTO mutes (account_id, target_id, hide_notifications, expires_at)
        VALUES ($1, $2, $3,
                CASE WHEN $4::float8 > 0 THEN now() + make_interval(secs => $4::float8) END)
        ON CONFLICT ON CONSTRAINT mutes_unique DO UPDATE SET
            hide_notifications = excluded.hide_notifications, expires_at = excluded.expires_at
        """,
        account_id,
        target_id,
        hide_notifications,
        float(duration_seconds),
    )


async def delete_mute(db: Database, account_id: int, target_id: int) -> bool:
    """Unmute; gives whether there was a mute."""
    tag = await db.execute(
        "DELETE FROM mutes WHERE account_id = $1 AND target_id = $2", account_id, target_id
    )
    return affected(tag) > 0


async def mute_page(db: Database, account_id: int, page: Page) -> list[Mute]:
    """Mutes that still last."""
    rows = await db.fetch(
        f"""
        SELECT id, target_id, expires_at FROM mutes
        WHERE account_id = $1 AND (expires_at IS NULL OR expires_at > now())
        {bounds(page, "id", 2)}
        """,
        account_id,
        *arguments(page),
    )
    return [Mute(**row) for row in newest_first(rows, page)]
