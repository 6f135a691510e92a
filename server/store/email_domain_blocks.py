"""Domains of e-mail addresses with which nobody, or nobody without approval, signs up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from server.errors import NotFound
from server.store.database import Database
from server.store.domain_rules import parents
from server.store.pages import Page, arguments, bounds, newest_first


@dataclass(frozen=True, slots=True)
class EmailDomainBlock:
    """A row of email_domain_blocks."""

    id: int
    domain: str
    allow_with_approval: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DayOfAttempts:
    """Sign-ups that ran into a block on one day, and from how many addresses."""

    day: date
    uses: int
    accounts: int


_COLUMNS = "id, domain, allow_with_approval, created_at"


async def find_blocks(db: Database, domain: str) -> list[EmailDomainBlock]:
    """The blocks that hold for a domain: its own, and those of the ones above it."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM email_domain_blocks WHERE domain = ANY($1)",
        list(dict.fromkeys(parents(domain))),
    )
    return [EmailDomainBlock(**row) for row in rows]


async def note_attempts(db: Database, block_ids: Sequence[int], ip: str) -> None:
    """Count a sign-up that ran into these blocks."""
    await db.execute(
        """
        INSERT INTO email_domain_block_attempts (block_id, day, ip)
        SELECT unnest($1::bigint[]), current_date, $2::inet
        ON CONFLICT (block_id, day, ip)
        DO UPDATE SET uses = email_domain_block_attempts.uses + 1
        """,
        list(block_ids),
        ip,
    )


async def load_history(db: Database, block_ids: Sequence[int]) -> dict[int, list[DayOfAttempts]]:
    """The last seven days of each block, today first; one query."""
    rows = await db.fetch(
        """
        SELECT b.id, d.day, coalesce(sum(t.uses), 0) AS uses, count(t.ip) AS accounts
        FROM unnest($1::bigint[]) AS b (id) CROSS JOIN LATERAL (
            SELECT current_date - ago AS day FROM generate_series(0, 6) ago) d
        LEFT JOIN email_domain_block_attempts t ON t.block_id = b.id AND t.day = d.day
        GROUP BY b.id, d.day ORDER BY b.id, d.day DESC
        """,
        list(block_ids),
    )
    found: dict[int, list[DayOfAttempts]] = {block_id: [] for block_id in block_ids}
    for row in rows:
        found[row["id"]].append(DayOfAttempts(row["day"], row["uses"], row["accounts"]))
    return found


async def block_page(db: Database, page: Page) -> list[EmailDomainBlock]:
    """All blocks, the latest first."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM email_domain_blocks WHERE true {bounds(page, 'id', 1)}",
        *arguments(page),
    )
    return [EmailDomainBlock(**row) for row in newest_first(rows, page)]


async def get_block(db: Database, block_id: int) -> EmailDomainBlock:
    """Raises NotFound."""
    row = await db.fetchrow(f"SELECT {_COLUMNS} FROM email_domain_blocks WHERE id = $1", block_id)
    if row is None:
        raise NotFound
    return EmailDomainBlock(**row)


async def insert_block(db: Database, domain: str, *, allow_with_approval: bool) -> EmailDomainBlock:
    """Raises asyncpg.UniqueViolationError (email_domain_blocks_unique) for one that is there."""
    row = await db.fetchrow(
        f"""
        INSERT INTO email_domain_blocks (domain, allow_with_approval) VALUES ($1, $2)
        RETURNING {_COLUMNS}
        """,
        domain,
        allow_with_approval,
    )
    return EmailDomainBlock(**row)


async def delete_block(db: Database, block_id: int) -> None:
    """Take one back."""
    await db.execute("DELETE FROM email_domain_blocks WHERE id = $1", block_id)
