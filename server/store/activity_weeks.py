"""How much was done here week by week: what a week was is kept when its traces are gone."""

from dataclasses import dataclass
from datetime import date

from server.store.database import Database


@dataclass(frozen=True, slots=True)
class Week:
    """Numbers of the week that begins on that Monday."""

    week: date
    statuses: int
    logins: int
    registrations: int


async def count_weeks(db: Database, weeks: int) -> None:
    """Count the latest weeks, the running one included; a number once reached does not shrink.

    `logins` are members whose tokens or sessions were used last in that week.
    """
    await db.execute(
        """
        INSERT INTO activity_weeks (week, statuses, logins, registrations)
        SELECT w.start::date,
            (SELECT count(*) FROM statuses s WHERE s.local
             AND s.id >= id_at(w.start) AND s.id < id_at(w.start + interval '1 week')),
            (SELECT count(*) FROM (
                SELECT account_id FROM tokens
                WHERE last_used_at >= w.start AND last_used_at < w.start + interval '1 week'
                UNION
                SELECT account_id FROM sessions
                WHERE created_at >= w.start AND created_at < w.start + interval '1 week') used
             WHERE account_id IS NOT NULL),
            (SELECT count(*) FROM users u
             WHERE u.created_at >= w.start AND u.created_at < w.start + interval '1 week')
        FROM (SELECT date_trunc('week', now()) - n * interval '1 week' AS start
              FROM generate_series(0, $1::integer - 1) n) w
        ON CONFLICT (week) DO UPDATE SET
            statuses = greatest(activity_weeks.statuses, excluded.statuses),
            logins = greatest(activity_weeks.logins, excluded.logins),
            registrations = greatest(activity_weeks.registrations, excluded.registrations)
        """,
        weeks,
    )


async def list_weeks(db: Database, weeks: int) -> list[Week]:
    """The latest weeks, the running one first; what was not counted is zero."""
    rows = await db.fetch(
        """
        SELECT w.start::date AS week, coalesce(a.statuses, 0) AS statuses,
            coalesce(a.logins, 0) AS logins, coalesce(a.registrations, 0) AS registrations
        FROM (SELECT date_trunc('week', now()) - n * interval '1 week' AS start
              FROM generate_series(0, $1::integer - 1) n) w
        LEFT JOIN activity_weeks a ON a.week = w.start::date
        ORDER BY 1 DESC
        """,
        weeks,
    )
    return [Week(**row) for row in rows]
