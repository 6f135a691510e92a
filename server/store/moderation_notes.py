"""What moderators write to each other."""

from dataclasses import dataclass
from datetime import datetime

from server.store.database import Database


@dataclass(frozen=True, slots=True)
class Note:
    """A row of moderation_notes; `author` is a name of ours, None when the account is gone."""

    id: int
    account_id: int | None
    author: str | None
    content: str
    created_at: datetime


async def insert_note(
    db: Database,
    account_id: int,
    content: str,
    *,
    target_id: int | None = None,
    report_id: int | None = None,
) -> None:
    """Write about an account or a report."""
    await db.execute(
        """
        INSERT INTO moderation_notes (account_id, content, target_id, report_id)
        VALUES ($1, $2, $3, $4)
        """,
        account_id,
        content,
        target_id,
        report_id,
    )


async def list_notes(
    db: Database, *, target_id: int | None = None, report_id: int | None = None
) -> list[Note]:
    """All about an account or a report, the oldest first."""
    rows = await db.fetch(
        """
        SELECT n.id, n.account_id, a.username AS author, n.content, n.created_at
        FROM moderation_notes n LEFT JOIN accounts a ON a.id = n.account_id
        WHERE n.target_id = $1 OR n.report_id = $2 ORDER BY n.id
        """,
        target_id,
        report_id,
    )
    return [Note(**row) for row in rows]
