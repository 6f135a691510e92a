"""Of which terms members are told by mail, and how far that has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from server.store.database import Database

# Whom terms concern: the users `u` with account `a` who may be here.
_MEMBERS = """
    FROM users u JOIN accounts a ON a.id = u.account_id
    WHERE u.confirmed_at IS NOT NULL AND u.approved_at IS NOT NULL AND u.disabled_at IS NULL
      AND a.suspended_at IS NULL"""


@dataclass(frozen=True, slots=True)
class Day:
    """A day from which terms hold; `asked_at` is None while nobody is told of them."""

    day: date
    asked_at: datetime | None
    told: int  # members, so far


@dataclass(frozen=True, slots=True)
class Reader:
    """A member who is told."""

    account_id: int
    username: str
    email: str
    locale: str


async def list_days(db: Database) -> list[Day]:
    """Days of the terms that hold or will hold, of which members can be told; the latest first."""
    rows = await db.fetch(
        """
        SELECT t.day, n.asked_at, coalesce(n.told, 0) AS told
        FROM (SELECT DISTINCT effective_date AS day FROM terms) t
        LEFT JOIN terms_notices n ON n.effective_date = t.day
        WHERE t.day >= coalesce((SELECT max(effective_date) FROM terms
                                 WHERE effective_date <= current_date), t.day)
        ORDER BY t.day DESC
        """
    )
    return [Day(**row) for row in rows]


async def count_members(db: Database) -> int:
    """How many would be told now."""
    return int(await db.fetchval(f"SELECT count(*) {_MEMBERS}"))


async def insert_notice(db: Database, day: date, words: Mapping[str, str]) -> bool:
    """Members are to be told; gives whether nobody has asked for that before."""
    found = await db.fetchval(
        """
        INSERT INTO terms_notices (effective_date, words) VALUES ($1, $2)
        ON CONFLICT (effective_date) DO NOTHING RETURNING true
        """,
        day,
        dict(words),
    )
    return bool(found)


async def get_words(db: Database, day: date) -> dict[str, str]:
    """What changes, by language; keeps who tells the same out until the end of the transaction."""
    words: dict[str, str] = await db.fetchval(
        "SELECT words FROM terms_notices WHERE effective_date = $1 FOR UPDATE", day
    )
    return words


async def take_readers(db: Database, day: date, limit: int) -> list[Reader]:
    """The next members, who count as told with the end of the transaction."""
    rows = await db.fetch(
        f"""
        WITH next AS (
            SELECT u.account_id, a.username, u.email, u.locale {_MEMBERS}
              AND u.account_id > (SELECT last_account_id FROM terms_notices
                                  WHERE effective_date = $1)
              AND u.created_at <= (SELECT asked_at FROM terms_notices WHERE effective_date = $1)
            ORDER BY u.account_id LIMIT $2),
        counted AS (
            UPDATE terms_notices SET told = told + (SELECT count(*) FROM next),
                last_account_id = coalesce((SELECT max(account_id) FROM next), last_account_id)
            WHERE effective_date = $1)
        SELECT * FROM next ORDER BY account_id
        """,
        day,
        limit,
    )
    return [Reader(**row) for row in rows]
