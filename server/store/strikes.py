"""What was decided about somebody, and what they say to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.errors import NotFound
from server.store.database import Database, affected
from server.store.pages import Page, arguments, bounds, newest_first

ACTIONS = (
    "none",
    "disable",
    "mark_statuses_as_sensitive",
    "delete_statuses",
    "sensitive",
    "silence",
    "suspend",
)


@dataclass(frozen=True, slots=True)
class Strike:
    """A row of strikes with its appeal; `account_id` (who decided) is for moderators alone."""

    id: int
    account_id: int | None
    target_id: int
    action: str
    text: str
    report_id: int | None
    status_ids: list[int]
    overruled_at: datetime | None
    created_at: datetime
    appeal: str | None
    appeal_state: str | None  # pending, approved, rejected
    appealed_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewStrike:
    """A decision; `action` is one of ACTIONS."""

    target_id: int
    action: str
    text: str = ""
    report_id: int | None = None
    status_ids: Sequence[int] = ()


_SELECT = """
    SELECT s.id, s.account_id, s.target_id, s.action, s.text, s.report_id, s.status_ids,
           s.overruled_at, s.created_at, p.text AS appeal, p.state AS appeal_state,
           p.created_at AS appealed_at
    FROM strikes s LEFT JOIN appeals p ON p.strike_id = s.id
"""


async def insert_strike(db: Database, account_id: int | None, new: NewStrike) -> int:
    """Keep a decision; gives its id."""
    return int(
        await db.fetchval(
            """
            INSERT INTO strikes (account_id, target_id, action, text, report_id, status_ids)
            VALUES ($1, $2, $3, $4, $5, $6) RETURNING id
            """,
            account_id,
            new.target_id,
            new.action,
            new.text,
            new.report_id,
            list(new.status_ids),
        )
    )


async def get_strike(db: Database, strike_id: int, target_id: int | None = None) -> Strike:
    """A decision; with `target_id` one about that account alone. Raises NotFound."""
    row = await db.fetchrow(
        f"{_SELECT} WHERE s.id = $1 AND ($2::bigint IS NULL OR s.target_id = $2)",
        strike_id,
        target_id,
    )
    if row is None:
        raise NotFound
    return Strike(**row)


async def find_strikes(db: Database, ids: Sequence[int]) -> dict[int, Strike]:
    """Decisions by id."""
    rows = await db.fetch(f"{_SELECT} WHERE s.id = ANY($1)", list(ids))
    return {row["id"]: Strike(**row) for row in rows}


async def list_of_target(db: Database, target_id: int, limit: int = 100) -> list[Strike]:
    """Decisions about an account, the latest first."""
    rows = await db.fetch(
        f"{_SELECT} WHERE s.target_id = $1 ORDER BY s.id DESC LIMIT $2", target_id, limit
    )
    return [Strike(**row) for row in rows]


async def appeal_page(db: Database, page: Page, *, state: str) -> list[Strike]:
    """Decisions with an appeal in that state, the latest first."""
    rows = await db.fetch(
        f"{_SELECT} WHERE p.state = $1 {bounds(page, 's.id', 2)}", state, *arguments(page)
    )
    return [Strike(**row) for row in newest_first(rows, page)]


async def insert_appeal(db: Database, strike_id: int, text: str) -> bool:
    """Say something to a decision; whether nothing was said yet."""
    tag = await db.execute(
        """
        INSERT INTO appeals (strike_id, text) VALUES ($1, $2)
        ON CONFLICT ON CONSTRAINT appeals_pkey DO NOTHING
        """,
        strike_id,
        text,
    )
    return affected(tag) > 0


async def decide_appeal(db: Database, strike_id: int, moderator_id: int | None, state: str) -> bool:
    """Approve or reject an appeal; whether it was pending. An approved one overrules."""
    tag = await db.execute(
        """
        WITH decided AS (
            UPDATE appeals SET state = $3, decided_by = $2
            WHERE strike_id = $1 AND state = 'pending' RETURNING strike_id)
        UPDATE strikes SET overruled_at = CASE WHEN $3 = 'approved' THEN now() END
        FROM decided WHERE strikes.id = decided.strike_id
        """,
        strike_id,
        moderator_id,
        state,
    )
    return affected(tag) > 0


async def count_acts(db: Database) -> dict[str, int]:
    """How often which kind of decision was made in the last year, without those overruled."""
    rows: list[Any] = await db.fetch(
        """
        SELECT action, count(*) FROM strikes
        WHERE created_at > now() - interval '1 year' AND overruled_at IS NULL
        GROUP BY action ORDER BY action
        """
    )
    return {row["action"]: row["count"] for row in rows}
