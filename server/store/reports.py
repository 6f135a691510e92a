"""What members tell moderators of somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first
from server.store.visibility import visible

CATEGORIES = ("spam", "legal", "violation", "other")


@dataclass(frozen=True, slots=True)
class Report:
    """A row of reports."""

    id: int
    account_id: int
    target_id: int
    comment: str
    category: str
    status_ids: list[int]
    rule_ids: list[int]
    collection_ids: list[int]
    forwarded: bool
    action_taken_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report to be written."""

    target_id: int
    comment: str
    category: str
    status_ids: Sequence[int]
    rule_ids: Sequence[int]
    collection_ids: Sequence[int]


async def insert_report(db: Database, account_id: int, new: NewReport) -> Report:
    """Keep a report; of the posts, those of the target that the member may see."""
    row = await db.fetchrow(
        f"""
        INSERT INTO reports (account_id, target_id, comment, category, status_ids, rule_ids,
                             collection_ids)
        VALUES ($1, $2, $3, $4,
            ARRAY(SELECT s.id FROM statuses s
                  WHERE s.id = ANY($5) AND s.account_id = $2 AND {visible("s", "$1::bigint")}
                  ORDER BY s.id),
            ARRAY(SELECT r.id FROM rules r WHERE r.id = ANY($6) ORDER BY r.id),
            ARRAY(SELECT c.id FROM collections c
                  WHERE c.id = ANY($7) AND c.account_id = $2 ORDER BY c.id))
        RETURNING *
        """,
        account_id,
        new.target_id,
        new.comment,
        new.category,
        list(new.status_ids),
        list(new.rule_ids),
        list(new.collection_ids),
    )
    return Report(**row)


async def find_reports(db: Database, ids: Sequence[int]) -> dict[int, Report]:
    """Reports by id."""
    rows = await db.fetch("SELECT * FROM reports WHERE id = ANY($1)", list(ids))
    return {row["id"]: Report(**row) for row in rows}


async def report_page(db: Database, page: Page, *, open_only: bool) -> list[Report]:
    """All reports, the latest first."""
    rows = await db.fetch(
        f"""
        SELECT * FROM reports WHERE (NOT $1 OR action_taken_at IS NULL) {bounds(page, "id", 2)}
        """,
        open_only,
        *arguments(page),
    )
    return [Report(**row) for row in newest_first(rows, page)]
