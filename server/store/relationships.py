"""How a member stands to others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server.store.database import Database


@dataclass(frozen=True, slots=True)
class Relationship:
    """Mastodon's words for one pair, seen from the member."""

    id: int
    following: bool
    showing_reblogs: bool
    notifying: bool
    languages: list[str] | None
    followed_by: bool
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool
    muting_expires_at: datetime | None
    requested: bool
    requested_by: bool
    domain_blocking: bool
    endorsed: bool
    note: str


async def load_relationships(
    db: Database, account_id: int, target_ids: Sequence[int], *, with_suspended: bool = True
) -> list[Relationship]:
    """In the order of the ids, unknown ones left out; one query."""
    rows = await db.fetch(
        """
        SELECT a.id,
            f.id IS NOT NULL AS following,
            coalesce(f.show_boosts, r.show_boosts, false) AS showing_reblogs,
            coalesce(f.notify, r.notify, false) AS notifying,
            coalesce(f.languages, r.languages) AS languages,
            EXISTS (SELECT FROM follows WHERE account_id = a.id AND target_id = $1) AS followed_by,
            EXISTS (SELECT FROM blocks WHERE account_id = $1 AND target_id = a.id) AS blocking,
            EXISTS (SELECT FROM blocks WHERE account_id = a.id AND target_id = $1) AS blocked_by,
            m.id IS NOT NULL AS muting,
            coalesce(m.hide_notifications, false) AS muting_notifications,
            m.expires_at AS muting_expires_at,
            r.id IS NOT NULL AS requested,
            EXISTS (SELECT FROM follow_requests
                    WHERE account_id = a.id AND target_id = $1) AS requested_by,
            EXISTS (SELECT FROM domain_blocks d
                    WHERE d.account_id = $1 AND d.domain = a.domain) AS domain_blocking,
            EXISTS (SELECT FROM endorsements e
                    WHERE e.account_id = $1 AND e.target_id = a.id) AS endorsed,
            coalesce(n.comment, '') AS note
        FROM unnest($2::bigint[]) WITH ORDINALITY AS wanted (id, place)
        JOIN accounts a ON a.id = wanted.id AND ($3 OR a.suspended_at IS NULL)
        LEFT JOIN follows f ON f.account_id = $1 AND f.target_id = a.id
        LEFT JOIN follow_requests r ON r.account_id = $1 AND r.target_id = a.id
        LEFT JOIN mutes m ON m.account_id = $1 AND m.target_id = a.id
            AND (m.expires_at IS NULL OR m.expires_at > now())
        LEFT JOIN account_notes n ON n.account_id = $1 AND n.target_id = a.id
        ORDER BY wanted.place
        """,
        account_id,
        list(target_ids),
        with_suspended,
    )
    return [Relationship(**row) for row in rows]


async def set_note(db: Database, account_id: int, target_id: int, comment: str) -> None:
    """Keep a private note about somebody; an empty one deletes it."""
    await db.execute(
        """
        WITH gone AS (
            DELETE FROM account_notes WHERE account_id = $1 AND target_id = $2 AND $3 = '')
        INSERT INTO account_notes (account_id, target_id, comment)
        SELECT $1, $2, $3 WHERE $3 <> ''
        ON CONFLICT (account_id, target_id) DO UPDATE SET comment = $3
        """,
        account_id,
        target_id,
        comment,
    )
