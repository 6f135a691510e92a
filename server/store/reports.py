"""What members, and moderators of other servers, tell our moderators of somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.errors import NotFound
from server.store.database import Database, affected
from server.store.pages import Page, arguments, bounds, newest_first
from server.store.visibility import visible

CATEGORIES = ("spam", "legal", "violation", "other")


@dataclass(frozen=True, slots=True)
class Report:
    """A row of reports; `uri` is the id of the Flag that brought it."""

    id: int
    account_id: int
    target_id: int
    comment: str
    category: str
    status_ids: list[int]
    rule_ids: list[int]
    collection_ids: list[int]
    forwarded: bool
    uri: str | None
    assigned_account_id: int | None
    action_taken_by_id: int | None
    action_taken_at: datetime | None
    updated_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report to be written; `forwarded` says that the origin's moderators are told too."""

    target_id: int
    comment: str
    category: str
    status_ids: Sequence[int]
    rule_ids: Sequence[int]
    collection_ids: Sequence[int]
    forwarded: bool = False
    uri: str | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """Which reports: those that wait, or those that were resolved; None means any."""

    resolved: bool | None = False
    account_id: int | None = None
    target_id: int | None = None
    target_domain: str | None = None


_COLUMNS = """r.id, r.account_id, r.target_id, r.comment, r.category, r.status_ids, r.rule_ids,
    r.collection_ids, r.forwarded, r.uri, r.assigned_account_id, r.action_taken_by_id,
    r.action_taken_at, r.updated_at, r.created_at"""


# A report from elsewhere bears the name of a server: what anybody there may see can be reported.
_KNOWN_THERE = """(NOT s.local_only AND EXISTS (
    SELECT FROM accounts me WHERE me.id = $1 AND me.domain IS NOT NULL AND (
        s.visibility IN ('public', 'unlisted')
        OR (s.visibility = 'private' AND EXISTS (
            SELECT FROM follows f JOIN accounts x ON x.id = f.account_id
            WHERE f.target_id = s.account_id AND x.domain = me.domain))
        OR EXISTS (SELECT FROM status_mentions m JOIN accounts x ON x.id = m.account_id
                   WHERE m.status_id = s.id AND x.domain = me.domain))))"""


async def insert_report(db: Database, account_id: int, new: NewReport) -> Report | None:
    """Keep a report; of the posts, those of the target that the reporter may see.

    None when a report with that uri is here already.
    """
    row = await db.fetchrow(
        f"""
        INSERT INTO reports AS r (account_id, target_id, comment, category, status_ids, rule_ids,
                                  collection_ids, forwarded, uri)
        VALUES ($1, $2, $3, $4,
            ARRAY(SELECT s.id FROM statuses s
                  WHERE s.id = ANY($5) AND s.account_id = $2
                    AND ({visible("s", "$1::bigint")} OR {_KNOWN_THERE})
                  ORDER BY s.id),
            ARRAY(SELECT rules.id FROM rules WHERE rules.id = ANY($6) ORDER BY rules.id),
            ARRAY(SELECT c.id FROM collections c
                  WHERE c.id = ANY($7) AND c.account_id = $2 ORDER BY c.id), $8, $9)
        ON CONFLICT ON CONSTRAINT reports_uri_unique DO NOTHING
        RETURNING {_COLUMNS}
        """,
        account_id,
        new.target_id,
        new.comment,
        new.category,
        list(new.status_ids),
        list(new.rule_ids),
        list(new.collection_ids),
        new.forwarded,
        new.uri,
    )
    return None if row is None else Report(**row)


async def has_open(db: Database, target_id: int) -> bool:
    """Whether a report about the account waits for an answer."""
    return bool(
        await db.fetchval(
            """
            SELECT EXISTS (
                SELECT FROM reports WHERE target_id = $1 AND action_taken_at IS NULL)
            """,
            target_id,
        )
    )


async def find_reports(db: Database, ids: Sequence[int]) -> dict[int, Report]:
    """Reports by id."""
    rows = await db.fetch(f"SELECT {_COLUMNS} FROM reports r WHERE id = ANY($1)", list(ids))
    return {row["id"]: Report(**row) for row in rows}


async def get_report(db: Database, report_id: int) -> Report:
    """Raises NotFound."""
    found = await find_reports(db, [report_id])
    if report_id not in found:
        raise NotFound
    return found[report_id]


async def report_page(db: Database, page: Page, search: Search) -> list[Report]:
    """Reports, the latest first."""
    rows = await db.fetch(
        f"""
        SELECT {_COLUMNS} FROM reports r
        WHERE ($1::boolean IS NULL OR (r.action_taken_at IS NOT NULL) = $1)
          AND ($2::bigint IS NULL OR r.account_id = $2)
          AND ($3::bigint IS NULL OR r.target_id = $3)
          AND ($4::text IS NULL OR EXISTS (
              SELECT FROM accounts a WHERE a.id = r.target_id AND a.domain = lower($4)))
          {bounds(page, "r.id", 5)}
        """,
        search.resolved,
        search.account_id,
        search.target_id,
        search.target_domain,
        *arguments(page),
    )
    return [Report(**row) for row in newest_first(rows, page)]


async def update_report(
    db: Database, report_id: int, category: str, rule_ids: Sequence[int]
) -> None:
    """Say otherwise what a report is about."""
    await db.execute(
        """
        UPDATE reports SET category = $2, updated_at = now(),
            rule_ids = ARRAY(SELECT id FROM rules WHERE id = ANY($3) ORDER BY id)
        WHERE id = $1
        """,
        report_id,
        category,
        list(rule_ids),
    )


async def assign(db: Database, report_id: int, account_id: int | None) -> None:
    """Say who looks after a report; None: nobody."""
    await db.execute(
        "UPDATE reports SET assigned_account_id = $2, updated_at = now() WHERE id = $1",
        report_id,
        account_id,
    )


async def resolve(
    db: Database, account_id: int | None, target_id: int, report_id: int | None
) -> list[int]:
    """Resolve one report about somebody, or all (None); gives the ids of those that waited."""
    rows = await db.fetch(
        """
        UPDATE reports SET action_taken_at = now(), action_taken_by_id = $1, updated_at = now()
        WHERE target_id = $2 AND action_taken_at IS NULL AND ($3::bigint IS NULL OR id = $3)
        RETURNING id
        """,
        account_id,
        target_id,
        report_id,
    )
    return [row["id"] for row in rows]


async def reopen(db: Database, report_id: int) -> bool:
    """Let a report wait again; whether it was resolved."""
    tag = await db.execute(
        """
        UPDATE reports SET action_taken_at = NULL, action_taken_by_id = NULL, updated_at = now()
        WHERE id = $1 AND action_taken_at IS NOT NULL
        """,
        report_id,
    )
    return affected(tag) > 0


async def count_of_target(db: Database, target_id: int) -> tuple[int, int]:
    """Reports about an account: those that wait, and all."""
    row: Any = await db.fetchrow(
        """
        SELECT count(*) FILTER (WHERE action_taken_at IS NULL), count(*) FROM reports
        WHERE target_id = $1
        """,
        target_id,
    )
    return tuple(row)
