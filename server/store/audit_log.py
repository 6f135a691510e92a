"""The log of moderators' acts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of audit_log with the name of who acted, while that account exists."""

    id: int
    account_id: int | None
    actor: str | None
    action: str
    target_kind: str
    target_id: int | None
    target_name: str
    details: dict[str, Any]
    created_at: datetime


async def record(
    db: Database,
    account_id: int | None,
    action: str,
    target_kind: str,
    target_id: int | None = None,
    target_name: str = "",
    **details: Any,
) -> None:
    """Note an act, in the transaction of the act itself.

    `account_id` is None for what was done from the command line; `action` is a verb (`suspend`),
    `target_kind` a table's name in the singular (`account`, `report`, `domain_block`).
    """
    await db.execute(
        """
        INSERT INTO audit_log (account_id, action, target_kind, target_id, target_name, details)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        account_id,
        action,
        target_kind,
        target_id,
        target_name,
        details,
    )


async def entry_page(
    db: Database,
    page: Page,
    *,
    account_id: int | None = None,
    target_kind: str | None = None,
    target_id: int | None = None,
) -> list[Entry]:
    """Acts, the latest first; of one moderator or upon one target when these are given."""
    rows = await db.fetch(
        f"""
        SELECT l.id, l.account_id, a.username AS actor, l.action, l.target_kind, l.target_id,
               l.target_name, l.details, l.created_at
        FROM audit_log l LEFT JOIN accounts a ON a.id = l.account_id
        WHERE ($1::bigint IS NULL OR l.account_id = $1) AND ($2::text IS NULL OR l.target_kind = $2)
          AND ($3::bigint IS NULL OR l.target_id = $3){bounds(page, "l.id", 4)}
        """,
        account_id,
        target_kind,
        target_id,
        *arguments(page),
    )
    return [Entry(**row) for row in newest_first(rows, page)]
