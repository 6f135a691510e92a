"""What reported posts said when they were reported."""

from dataclasses import dataclass
from datetime import datetime

from server.store.database import Database


@dataclass(frozen=True, slots=True)
class ReportedPost:
    """A row of reported_posts: the words of a post, which may be gone since."""

    status_id: int
    content: str
    spoiler_text: str
    visibility: str
    created_at: datetime


async def keep(db: Database, report_id: int) -> None:
    """Keep what the posts of a report say now."""
    await db.execute(
        """
        INSERT INTO reported_posts (report_id, status_id, account_id, content, spoiler_text,
                                    visibility, created_at)
        SELECT r.id, s.id, s.account_id, s.content, s.spoiler_text, s.visibility, s.created_at
        FROM reports r JOIN statuses s ON s.id = ANY(r.status_ids) WHERE r.id = $1
        ON CONFLICT (report_id, status_id) DO NOTHING
        """,
        report_id,
    )


async def list_kept(db: Database, report_id: int) -> list[ReportedPost]:
    """What the posts of a report said, the first one first."""
    rows = await db.fetch(
        """
        SELECT status_id, content, spoiler_text, visibility, created_at FROM reported_posts
        WHERE report_id = $1 ORDER BY status_id
        """,
        report_id,
    )
    return [ReportedPost(**row) for row in rows]
