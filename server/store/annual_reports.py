"""Years of members, looked back on; an empty `data` is one that is being made."""

from dataclasses import dataclass
from typing import Any

from server.store.database import Database, affected

_MOST_TAGS = 40


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """A row of annual_reports."""

    account_id: int
    year: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Posted:
    """How many statuses of a year were what: `alone` are neither answers nor boosts."""

    alone: int
    answers: int
    boosts: int
    polls: int


async def insert_empty(db: Database, account_id: int, year: int) -> bool:
    """A report that is to be made; False when there is one already."""
    tag = await db.execute(
        """
        INSERT INTO annual_reports (account_id, year, data) VALUES ($1, $2, '{}')
        ON CONFLICT DO NOTHING
        """,
        account_id,
        year,
    )
    return affected(tag) > 0


async def set_data(db: Database, account_id: int, year: int, data: dict[str, Any]) -> None:
    """The report is there."""
    await db.execute(
        "UPDATE annual_reports SET data = $3 WHERE account_id = $1 AND year = $2",
        account_id,
        year,
        data,
    )


async def find_report(db: Database, account_id: int, year: int) -> AnnualReport | None:
    """A member's report of a year, finished or not."""
    row = await db.fetchrow(
        """
        SELECT account_id, year, data FROM annual_reports WHERE account_id = $1 AND year = $2
        """,
        account_id,
        year,
    )
    return None if row is None else AnnualReport(**row)


async def list_unread(db: Database, account_id: int) -> list[AnnualReport]:
    """A member's reports that were not read yet."""
    rows = await db.fetch(
        """
        SELECT account_id, year, data FROM annual_reports
        WHERE account_id = $1 AND viewed_at IS NULL AND data <> '{}' ORDER BY year
        """,
        account_id,
    )
    return [AnnualReport(**row) for row in rows]


async def mark_read(db: Database, account_id: int, year: int) -> None:
    """The member has seen it."""
    await db.execute(
        """
        UPDATE annual_reports SET viewed_at = coalesce(viewed_at, now())
        WHERE account_id = $1 AND year = $2
        """,
        account_id,
        year,
    )


# Ids begin with the time: a year is a range of them.
_YEAR = """
    id >= id_at(make_timestamptz($2, 1, 1, 0, 0, 0, 'UTC'))
    AND id < id_at(make_timestamptz($2 + 1, 1, 1, 0, 0, 0, 'UTC'))
"""


async def count_posted(db: Database, account_id: int, year: int) -> Posted:
    """What a member posted in a year (UTC)."""
    row = await db.fetchrow(
        f"""
        SELECT count(*) FILTER (WHERE boost_of_id IS NULL AND in_reply_to_id IS NULL
                                AND in_reply_to_uri IS NULL) AS alone,
            count(*) FILTER (WHERE in_reply_to_account_id <> $1) AS answers,
            count(*) FILTER (WHERE boost_of_id IS NOT NULL) AS boosts,
            count(*) FILTER (WHERE id IN (SELECT status_id FROM polls)) AS polls
        FROM statuses WHERE account_id = $1 AND {_YEAR}
        """,
        account_id,
        year,
    )
    return Posted(**row)


async def list_top_statuses(db: Database, account_id: int, year: int) -> list[int | None]:
    """Ids of the public posts of a year with most boosts, most favourites, most answers: another
    one each time.
    """
    found: list[int | None] = []
    for count in ("boosts_count", "favourites_count", "replies_count"):
        found.append(
            await db.fetchval(
                f"""
                SELECT s.id FROM (SELECT * FROM statuses WHERE account_id = $1 AND {_YEAR}) s
                JOIN status_stats t ON t.status_id = s.id
                WHERE s.visibility = 'public' AND s.boost_of_id IS NULL AND s.id <> ALL($3)
                ORDER BY t.{count} DESC, s.id DESC LIMIT 1
                """,
                account_id,
                year,
                [one for one in found if one],
            )
        )
    return found


async def list_months(db: Database, account_id: int, year: int) -> list[dict[str, int]]:
    """For each month of a year (UTC) what was posted, and who was followed and followed."""
    rows = await db.fetch(
        """
        SELECT m AS month,
            (SELECT count(*) FROM statuses
             WHERE account_id = $1 AND id >= x.first AND id < x.last) AS statuses,
            (SELECT count(*) FROM follows
             WHERE account_id = $1 AND id >= x.first AND id < x.last) AS following,
            (SELECT count(*) FROM follows
             WHERE target_id = $1 AND id >= x.first AND id < x.last) AS followers
        FROM generate_series(1, 12) m,
            LATERAL (SELECT make_timestamptz($2, m, 1, 0, 0, 0, 'UTC') AS start) y,
            LATERAL (SELECT id_at(y.start) AS first, id_at(
                (y.start AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC') AS last) x
        ORDER BY m
        """,
        account_id,
        year,
    )
    return [dict(row) for row in rows]


async def list_top_tags(db: Database, account_id: int, year: int) -> list[dict[str, Any]]:
    """Tags that a member wrote more than once in a year, the most used first."""
    rows = await db.fetch(
        f"""
        SELECT t.display_name AS name, count(*) AS count
        FROM (SELECT id FROM statuses WHERE account_id = $1 AND {_YEAR}) s
        JOIN status_tags x ON x.status_id = s.id JOIN tags t ON t.id = x.tag_id
        GROUP BY t.id HAVING count(*) > 1 ORDER BY count(*) DESC, t.name LIMIT $3
        """,
        account_id,
        year,
        _MOST_TAGS,
    )
    return [dict(row) for row in rows]
