"""Hashtags by how they begin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.store.database import Database
from server.store.tags import DayOfUse, TagUse, use_by_day

_MOST_CANDIDATES = 200
_LAST = "\U0010ffff"  # no character sorts after it


@dataclass(frozen=True, slots=True)
class FoundTag:
    """A hashtag and its use; `following` is None for a stranger."""

    id: int
    name: str
    following: bool | None
    use: TagUse


async def search_tags(
    db: Database, beginning: str, viewer_id: int | None, limit: int, offset: int
) -> list[FoundTag]:
    """Tags whose name begins so (in lower case), the whole one first, then the most used.

    A name that stands in no public post is shown to whom it belongs alone: who wrote or follows it.
    """
    rows = await db.fetch(
        f"""
        WITH candidates AS (
            SELECT id, name, display_name,
                EXISTS (SELECT FROM tag_follows f
                        WHERE f.account_id = $3 AND f.tag_id = tags.id) AS following
            FROM tags
            WHERE name COLLATE "C" >= $1 AND name COLLATE "C" < $2 AND listable
              AND (EXISTS (SELECT FROM status_tags st JOIN statuses s ON s.id = st.status_id
                           JOIN accounts a ON a.id = s.account_id
                           WHERE st.tag_id = tags.id AND a.suspended_at IS NULL
                             AND (s.account_id = $3 OR s.visibility = 'public'
                                  AND (NOT s.local_only OR $3::bigint IS NOT NULL)))
                   OR EXISTS (SELECT FROM tag_follows f
                              WHERE f.account_id = $3 AND f.tag_id = tags.id))
            ORDER BY length(name), name LIMIT $4),{use_by_day("SELECT id FROM candidates")}
        SELECT c.id, c.name, c.display_name, c.following,
            array_agg(days.day ORDER BY ago) AS days,
            array_agg(coalesce(used.uses, 0) ORDER BY ago) AS uses,
            array_agg(coalesce(used.accounts, 0) ORDER BY ago) AS accounts
        FROM candidates c CROSS JOIN days
        LEFT JOIN used ON used.tag_id = c.id AND used.day = days.day
        GROUP BY c.id, c.name, c.display_name, c.following
        ORDER BY c.name = $1 DESC, sum(coalesce(used.accounts, 0)) DESC, length(c.name), c.name
        LIMIT $5 OFFSET $6
        """,
        beginning,
        beginning + _LAST,
        viewer_id,
        _MOST_CANDIDATES,
        limit,
        offset,
    )
    return [
        FoundTag(
            row["id"],
            row["name"],
            None if viewer_id is None else row["following"],
            TagUse(row["display_name"], _days(row)),
        )
        for row in rows
    ]


def _days(row: Mapping[str, Any]) -> list[DayOfUse]:
    return [DayOfUse(*day) for day in zip(row["days"], row["uses"], row["accounts"], strict=True)]
