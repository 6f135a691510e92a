"""Hashtags: who follows them, and how much they are used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from federation.documents.tag import fold_hashtag
from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first


@dataclass(frozen=True, slots=True)
class DayOfUse:
    """Public posts with a tag on one day, and by how many accounts."""

    day: datetime
    uses: int
    accounts: int


@dataclass(frozen=True, slots=True)
class TagUse:
    """How a tag was first written (`ThemaDag`), and its use in the last week, today first."""

    written: str
    days: list[DayOfUse]


def use_by_day(tags: str) -> str:
    """SQL: the tables `days` (ago, day) of the last week and `used` (tag_id, day, uses, accounts),
    of the tags whose ids the query `tags` gives, for those days on which a tag was used.
    """
    return f"""
        days AS (
            SELECT ago, date_trunc('day', now()) - make_interval(days => ago) AS day
            FROM generate_series(0, 6) ago),
        used AS (
            SELECT st.tag_id, date_trunc('day', s.created_at) AS day, count(*) AS uses,
                   count(DISTINCT s.account_id) AS accounts
            FROM status_tags st JOIN statuses s ON s.id = st.status_id
            WHERE st.tag_id IN ({tags}) AND s.visibility = 'public' AND NOT s.local_only
              AND st.status_id >= id_at(date_trunc('day', now()) - interval '6 days')
            GROUP BY 1, 2)"""


async def use_of_tags(db: Database, names: Sequence[str]) -> dict[str, TagUse]:
    """The use of each tag, by name; one query."""
    rows = await db.fetch(
        f"""
        WITH {use_by_day("SELECT id FROM tags WHERE name = ANY($1)")}
        SELECT n.name, coalesce(t.display_name, n.name) AS written, days.day,
            coalesce(used.uses, 0) AS uses, coalesce(used.accounts, 0) AS accounts
        FROM unnest($1::text[]) AS n (name) CROSS JOIN days
        LEFT JOIN tags t ON t.name = n.name
        LEFT JOIN used ON used.tag_id = t.id AND used.day = days.day
        ORDER BY n.name, days.day DESC
        """,
        list(names),
    )
    found: dict[str, TagUse] = {}
    for row in rows:
        use = found.setdefault(row["name"], TagUse(row["written"], []))
        use.days.append(DayOfUse(row["day"], row["uses"], row["accounts"]))
    return found


async def find_id(db: Database, name: str) -> int | None:
    """Id of a tag that was used or followed before."""
    found: int | None = await db.fetchval("SELECT id FROM tags WHERE name = $1", name)
    return found


async def follow_tag(db: Database, account_id: int, name: str) -> None:
    """Have public posts with the tag in one's home; a new one is shown as it is written here."""
    await db.execute(
        """
        WITH t AS (
            INSERT INTO tags (name, display_name) VALUES ($3, $2)
            ON CONFLICT ON CONSTRAINT tags_name_unique DO UPDATE SET name = excluded.name
            RETURNING id)
        INSERT INTO tag_follows (account_id, tag_id) SELECT $1, id FROM t
        ON CONFLICT ON CONSTRAINT tag_follows_unique DO NOTHING
        """,
        account_id,
        name,
        fold_hashtag(name),
    )


async def unfollow_tag(db: Database, account_id: int, name: str) -> None:
    """No longer; what came home for this tag alone goes."""
    await db.execute(
        """
        WITH ended AS (
            DELETE FROM tag_follows USING tags
            WHERE account_id = $1 AND tag_id = tags.id AND tags.name = $2 RETURNING tag_id)
        DELETE FROM home_entries e USING ended, status_tags t
        WHERE e.account_id = $1 AND e.author_id <> $1
          AND t.status_id = e.status_id AND t.tag_id = ended.tag_id
          AND NOT EXISTS (SELECT FROM follows f
                          WHERE f.account_id = $1 AND f.target_id = e.author_id)
          AND NOT EXISTS (SELECT FROM tag_follows o JOIN status_tags x ON x.tag_id = o.tag_id
                          WHERE o.account_id = $1 AND x.status_id = e.status_id
                            AND o.tag_id <> ended.tag_id)
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


async def list_followed_among(db: Database, account_id: int, names: Sequence[str]) -> set[str]:
    """Those of the tags that a member follows."""
    rows = await db.fetch(
        """
        SELECT t.name FROM tag_follows f JOIN tags t ON t.id = f.tag_id
        WHERE f.account_id = $1 AND t.name = ANY($2)
        """,
        account_id,
        list(names),
    )
    return {row["name"] for row in rows}


async def followed_page(db: Database, account_id: int, page: Page) -> list[tuple[int, int, str]]:
    """(follow, tag, name) of the tags that a member follows."""
    rows = await db.fetch(
        f"""
        SELECT f.id, t.id AS tag_id, t.name FROM tag_follows f JOIN tags t ON t.id = f.tag_id
        WHERE f.account_id = $1 {bounds(page, "f.id", 2)}
        """,
        account_id,
        *arguments(page),
    )
    return [(row["id"], row["tag_id"], row["name"]) for row in newest_first(rows, page)]
