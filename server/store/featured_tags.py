"""Tags that members show on their profiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from federation.documents.tag import fold_hashtag
from server.store.database import Database, affected

MOST_FEATURED = 10


@dataclass(frozen=True, slots=True)
class FeaturedTag:
    """A featured tag with what its member posted under it for everybody."""

    id: int
    name: str
    statuses_count: int
    last_status_at: datetime | None


_SELECT = """
    SELECT f.id, f.name, count(s.id) AS statuses_count, max(s.created_at) AS last_status_at
    FROM featured_tags f
    LEFT JOIN (status_tags st JOIN statuses s ON s.id = st.status_id
               AND s.visibility IN ('public', 'unlisted') AND NOT s.local_only)
        ON st.tag_id = f.tag_id AND s.account_id = f.account_id
"""


async def list_featured(db: Database, account_id: int) -> list[FeaturedTag]:
    """A member's, the most used first."""
    rows = await db.fetch(
        f"{_SELECT} WHERE f.account_id = $1 GROUP BY f.id ORDER BY statuses_count DESC, f.id",
        account_id,
    )
    return [FeaturedTag(**row) for row in rows]


async def insert_featured(db: Database, account_id: int, name: str) -> FeaturedTag:
    """Show a tag, as it is written; one that is shown already stays as it was written first."""
    feature_id = await db.fetchval(
        """
        WITH t AS (
            INSERT INTO tags (name, display_name) VALUES ($3, $2)
            ON CONFLICT ON CONSTRAINT tags_name_unique DO UPDATE SET name = excluded.name
            RETURNING id)
        INSERT INTO featured_tags (account_id, tag_id, name) SELECT $1, id, $2 FROM t
        ON CONFLICT ON CONSTRAINT featured_tags_unique DO UPDATE SET name = featured_tags.name
        RETURNING id
        """,
        account_id,
        name,
        fold_hashtag(name),
    )
    row = await db.fetchrow(f"{_SELECT} WHERE f.id = $1 GROUP BY f.id", feature_id)
    return FeaturedTag(**row)


async def replace_featured(db: Database, account_id: int, names: Sequence[str]) -> None:
    """Show these tags and no others, as somebody elsewhere does."""
    folded = {fold_hashtag(name): name for name in reversed(names)}  # the first way to write one
    await db.execute(
        """
        WITH named AS (SELECT * FROM unnest($2::text[], $3::text[]) AS n (folded, name)),
        t AS (
            INSERT INTO tags (name, display_name) SELECT folded, name FROM named
            ON CONFLICT ON CONSTRAINT tags_name_unique DO UPDATE SET name = excluded.name
            RETURNING id, name),
        gone AS (
            DELETE FROM featured_tags
            WHERE account_id = $1 AND tag_id NOT IN (SELECT id FROM t))
        INSERT INTO featured_tags (account_id, tag_id, name)
        SELECT $1, t.id, named.name FROM t JOIN named ON named.folded = t.name
        ON CONFLICT ON CONSTRAINT featured_tags_unique DO UPDATE SET name = excluded.name
        """,
        account_id,
        list(folded),
        list(folded.values()),
    )


async def delete_by_name(db: Database, account_id: int, name: str) -> bool:
    """Show a tag no longer; whether it was shown."""
    tag = await db.execute(
        """
        DELETE FROM featured_tags USING tags t
        WHERE account_id = $1 AND tag_id = t.id AND t.name = $2
        """,
        account_id,
        fold_hashtag(name),
    )
    return affected(tag) > 0


async def is_featured(db: Database, account_id: int, name: str) -> bool:
    """Whether a member shows the tag."""
    return bool(
        await db.fetchval(
            """
            SELECT EXISTS (SELECT FROM featured_tags f JOIN tags t ON t.id = f.tag_id
                           WHERE f.account_id = $1 AND t.name = $2)
            """,
            account_id,
            fold_hashtag(name),
        )
    )


async def suggest_featured(db: Database, account_id: int) -> list[tuple[int, str]]:
    """(id, name) of the tags that a member used most lately and does not show."""
    rows = await db.fetch(
        """
        SELECT t.id, t.name FROM (
            SELECT id FROM statuses WHERE account_id = $1 AND boost_of_id IS NULL
            ORDER BY id DESC LIMIT 1000) s
        JOIN status_tags st ON st.status_id = s.id JOIN tags t ON t.id = st.tag_id
        WHERE NOT EXISTS (SELECT FROM featured_tags f
                          WHERE f.account_id = $1 AND f.tag_id = t.id)
        GROUP BY t.id ORDER BY count(*) DESC, t.id LIMIT 10
        """,
        account_id,
    )
    return [(row["id"], row["name"]) for row in rows]
