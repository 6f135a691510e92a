"""On which days members were here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from server.store.database import Database


@dataclass(frozen=True, slots=True)
class Part:
    """How many of those who came in one period were here in a later one, and their share."""

    date: datetime
    rate: float
    value: int


async def note_days(db: Database) -> None:
    """Note who was here lately; to be called several times a day."""
    await db.execute(
        """
        INSERT INTO active_days (day, account_id)
        SELECT used_at::date, account_id FROM (
            SELECT account_id, last_used_at AS used_at FROM tokens
            UNION SELECT account_id, last_seen_at FROM sessions
            UNION SELECT account_id, last_sign_in_at FROM users) used
        WHERE account_id IS NOT NULL AND used_at > now() - interval '2 days'
        ON CONFLICT DO NOTHING
        """
    )


async def load_retention(
    db: Database, start: datetime, end: datetime, period: Literal["day", "month"]
) -> dict[datetime, list[Part]]:
    """For those who came in each period, how many were here in it and each later one; one query."""
    rows = await db.fetch(
        """
        WITH periods AS (
            SELECT at FROM generate_series(
                date_trunc($3, $1::timestamptz), date_trunc($3, $2::timestamptz),
                ('1 ' || $3)::interval) at),
        people AS (
            SELECT account_id, date_trunc($3, created_at) AS came FROM users
            WHERE created_at >= date_trunc($3, $1::timestamptz)),
        seen AS (
            SELECT DISTINCT account_id, date_trunc($3, day::timestamptz) AS at FROM active_days
            WHERE day >= date_trunc($3, $1::timestamptz)::date)
        SELECT cohort.at AS came, later.at AS date,
            (SELECT count(*) FROM people WHERE came = cohort.at) AS size,
            (SELECT count(*) FROM people JOIN seen USING (account_id)
             WHERE people.came = cohort.at AND seen.at = later.at) AS value
        FROM periods cohort JOIN periods later ON later.at >= cohort.at
        ORDER BY cohort.at, later.at
        """,
        start,
        end,
        period,
    )
    found: dict[datetime, list[Part]] = {}
    for row in rows:
        rate = row["value"] / row["size"] if row["size"] else 0.0
        found.setdefault(row["came"], []).append(Part(row["date"], rate, row["value"]))
    return found
