"""Hashtags: who follows them, and how much they are used."""

from dataclasses import dataclass
from datetime import datetime

from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first


@dataclass(frozen=True, slots=True)
class DayOfUse:
    """Public posts with a tag on one day, and by how many accounts."""

    day: datetime
    uses: int
    accounts: int


async def use_of_tag(db: Database, name: str) -> list[DayOfUse]:
    """The last seven days, today first."""
    rows = await db.fetch(
        """
        SELECT day, count(s.id) AS uses, count(DISTINCT s.account_id) AS accounts
        FROM generate_series(0, 6) ago
        CROSS JOIN LATERAL (SELECT date_trunc('day', now()) - make_interval(days => ago) AS day) d
        LEFT JOIN (status_tags st JOIN tags t ON t.id = st.tag_id AND t.name = $1
                   JOIN statuses s ON s.id = st.status_id AND s.visibility = 'public')
            ON s.created_at >= day AND s.created_at < day + interval '1 day'
        GROUP BY day ORDER BY day DESC
        """,
        name,
    )
    return [DayOfUse(**row) for row in rows]


async def follow_tag(db: Database, account_id: int, name: str) -> None:
    """Have public posts with the tag in one's home."""
    await db.execute(
        """
        WITH t AS (
            INSERT INTO tags (name, display_name) VALUES ($2, $2)
            ON CONFLICT ON CONSTRAINT tags_name_unique DO UPDATE SET name = excluded.name
            RETURNING id)
        INSERT INTO tag_follows (account_id, tag_id) SELECT $1, id FROM t
        ON CONFLICT ON CONSTRAINT tag_follows_unique DO NOTHING
        """,
        account_id,
        name,
    )


async def unfollow_tag(db: Database, account_id: int, name: str) -> None:
    """No longer."""
    await db.execute(
        """
        DELETE FROM tag_follows USING tags
        WHERE account_id = $1 AND tag_id = tags.id AND tags.name = $2
        """,
        account_id,
        name,
    )


async def is_followed(db: Database, account_id: int, name: str) -> bool:
    """Whether a member follows the tag."""
    return bool(
        await db.fetchval(
            """
            SELECT EXISTS (SELECT FROM tag_follows f JOIN tags t ON t.id = f.tag_id
                           WHERE f.account_id = $1 AND t.name = $2)
            """,
            account_id,
            name,
        )
    )


async def list_followed(db: Database, account_id: int, page: Page) -> list[tuple[int, str]]:
    """(follow id, name) of the tags that a member follows."""
    rows = await db.fetch(
        f"""
        SELECT f.id, t.name FROM tag_follows f JOIN tags t ON t.id = f.tag_id
        WHERE f.account_id = $1 {bounds(page, "f.id", 2)}
        """,
        account_id,
        *arguments(page),
    )
    return [(row["id"], row["name"]) for row in newest_first(rows, page)]
