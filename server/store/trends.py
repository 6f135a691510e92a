"""Tags and posts that many take up now: counted by a job, read as they stand.

What counts is public, leaves this instance, is not marked sensitive, and is by people who want to
be discovered. Links have their own module.
"""

from collections.abc import Sequence

from server.errors import NotFound
from server.store.database import Database, affected
from server.store.visibility import in_chosen_language, not_hidden, visible

_FEWEST_ACCOUNTS = 2
_MOST_TRENDS = 100

# Each day's people count for half of the next day's.
_COUNTED = """
    s.visibility = 'public' AND NOT s.local_only AND NOT s.sensitive AND s.spoiler_text = ''
    AND a.discoverable AND a.silenced_at IS NULL AND a.suspended_at IS NULL"""


async def refresh(db: Database) -> None:
    """Count anew which tags and posts trend."""
    await db.execute(
        f"""
        WITH daily AS (
            SELECT st.tag_id, floor(extract(epoch FROM now() - s.created_at) / 86400) AS age,
                count(DISTINCT s.account_id) AS accounts
            FROM statuses s JOIN accounts a ON a.id = s.account_id
            JOIN status_tags st ON st.status_id = s.id
            JOIN tags t ON t.id = st.tag_id AND t.usable
            WHERE s.id > id_at(now() - interval '3 days') AND {_COUNTED} GROUP BY st.tag_id, age),
        trends AS (
            SELECT tag_id, sum(accounts * power(0.5, age)) AS score FROM daily
            GROUP BY tag_id HAVING sum(accounts) >= $1 ORDER BY score DESC, tag_id LIMIT $2),
        gone AS (DELETE FROM tag_trends WHERE tag_id NOT IN (SELECT tag_id FROM trends))
        INSERT INTO tag_trends (tag_id, score) SELECT * FROM trends
        ON CONFLICT (tag_id) DO UPDATE SET score = excluded.score
        """,
        _FEWEST_ACCOUNTS,
        _MOST_TRENDS,
    )
    await db.execute(
        f"""
        WITH trends AS (
            SELECT s.id, (st.favourites_count + 2 * st.boosts_count)
                * power(0.5, extract(epoch FROM now() - s.created_at) / 86400) AS score
            FROM statuses s JOIN accounts a ON a.id = s.account_id
            JOIN status_stats st ON st.status_id = s.id
            WHERE s.id > id_at(now() - interval '3 days') AND {_COUNTED}
              AND s.boost_of_id IS NULL AND s.in_reply_to_id IS NULL AND s.in_reply_to_uri IS NULL
              AND st.favourites_count + st.boosts_count >= $1
            ORDER BY score DESC, s.id LIMIT $2),
        gone AS (DELETE FROM status_trends WHERE status_id NOT IN (SELECT id FROM trends))
        INSERT INTO status_trends (status_id, score) SELECT * FROM trends
        ON CONFLICT (status_id) DO UPDATE SET score = excluded.score
        """,
        _FEWEST_ACCOUNTS,
        _MOST_TRENDS,
    )


async def list_tags(
    db: Database, offset: int, limit: int, *, by_default: bool | None
) -> list[tuple[int, str]]:
    """(id, name) of trending tags, the strongest first.

    `by_default` says whether those count of which moderators said nothing; None: all, for them.
    """
    rows = await db.fetch(
        """
        SELECT t.id, t.name FROM tag_trends x JOIN tags t ON t.id = x.tag_id
        WHERE $3::boolean IS NULL OR (t.usable AND coalesce(t.trendable, $3))
        ORDER BY x.score DESC, x.tag_id OFFSET $1 LIMIT $2
        """,
        offset,
        limit,
        by_default,
    )
    return [(row["id"], row["name"]) for row in rows]


async def list_statuses(
    db: Database, viewer_id: int | None, offset: int, limit: int, *, by_default: bool | None
) -> Sequence[int]:
    """Ids of trending posts that the viewer may and wants to see: first those in a language that
    they have chosen, then the strongest.

    `by_default` as for tags.
    """
    rows = await db.fetch(
        f"""
        SELECT s.id FROM status_trends x JOIN statuses s ON s.id = x.status_id
        JOIN accounts a ON a.id = s.account_id
        WHERE {_COUNTED} AND {visible("s", "$1::bigint")}
          AND {not_hidden("s.account_id", "$1::bigint")}
          AND ($4::boolean IS NULL OR coalesce(s.trendable, $4))
        ORDER BY {in_chosen_language("s.language", "$1::bigint")} DESC, x.score DESC, x.status_id
        OFFSET $2 LIMIT $3
        """,
        viewer_id,
        offset,
        limit,
        by_default,
    )
    return [row["id"] for row in rows]


async def list_reviewed(db: Database, ids: Sequence[int]) -> dict[int, bool]:
    """Those of these posts of which moderators said whether they may trend, and what."""
    rows = await db.fetch(
        "SELECT id, trendable FROM statuses WHERE id = ANY($1) AND trendable IS NOT NULL", list(ids)
    )
    return {row["id"]: row["trendable"] for row in rows}


async def review_status(db: Database, status_id: int, *, trendable: bool) -> None:
    """Say whether a post may trend. Raises NotFound."""
    tag = await db.execute("UPDATE statuses SET trendable = $2 WHERE id = $1", status_id, trendable)
    if not affected(tag):
        raise NotFound
