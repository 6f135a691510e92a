"""Domains of which a member wants to see nothing."""

from dataclasses import dataclass

from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first


@dataclass(frozen=True, slots=True)
class Tie:
    """A follow or a request between a member and somebody of a domain."""

    account_id: int
    target_id: int
    uri: str | None
    is_request: bool


async def insert_block(db: Database, account_id: int, domain: str) -> None:
    """See nothing of a domain any more: what stands in the member's feeds is taken out."""
    await db.execute(
        """
        WITH block AS (
            INSERT INTO domain_blocks (account_id, domain) VALUES ($1, $2)
            ON CONFLICT ON CONSTRAINT domain_blocks_unique DO NOTHING),
        authors AS (SELECT id FROM accounts WHERE domain = $2),
        hidden AS (
            SELECT s.id FROM statuses s JOIN authors a ON a.id = s.account_id),
        listed AS (
            DELETE FROM list_entries e USING lists l
            WHERE l.id = e.list_id AND l.account_id = $1 AND (
                e.author_id IN (SELECT id FROM authors) OR e.shown_id IN (SELECT id FROM hidden))),
        unlisted AS (
            DELETE FROM list_accounts la USING lists l
            WHERE l.id = la.list_id AND l.account_id = $1
              AND la.account_id IN (SELECT id FROM authors))
        DELETE FROM home_entries e WHERE e.account_id = $1 AND (
            e.author_id IN (SELECT id FROM authors) OR e.shown_id IN (SELECT id FROM hidden))
        """,
        account_id,
        domain,
    )


async def delete_block(db: Database, account_id: int, domain: str) -> None:
    """Nothing happens when there is none."""
    await db.execute(
        "DELETE FROM domain_blocks WHERE account_id = $1 AND domain = $2", account_id, domain
    )


async def is_blocked(db: Database, account_id: int, domain: str) -> bool:
    """Whether the member blocks the domain."""
    return bool(
        await db.fetchval(
            "SELECT EXISTS (SELECT FROM domain_blocks WHERE account_id = $1 AND domain = $2)",
            account_id,
            domain,
        )
    )


async def block_page(db: Database, account_id: int, page: Page) -> list[tuple[int, str]]:
    """(id, domain) of a member's blocks."""
    rows = await db.fetch(
        f"SELECT id, domain FROM domain_blocks WHERE account_id = $1 {bounds(page, 'id', 2)}",
        account_id,
        *arguments(page),
    )
    return [(row["id"], row["domain"]) for row in newest_first(rows, page)]


async def list_ties(db: Database, account_id: int, domain: str, limit: int) -> list[Tie]:
    """Follows and requests between a member and a domain, either way."""
    rows = await db.fetch(
        """
        SELECT f.account_id, f.target_id, f.uri, f.is_request
        FROM (SELECT account_id, target_id, uri, false AS is_request FROM follows
              WHERE $1 IN (account_id, target_id)
              UNION ALL
              SELECT account_id, target_id, uri, true FROM follow_requests
              WHERE $1 IN (account_id, target_id)) f
        JOIN accounts a ON a.id = CASE WHEN f.account_id = $1 THEN f.target_id ELSE f.account_id END
        WHERE a.domain = $2 LIMIT $3
        """,
        account_id,
        domain,
        limit,
    )
    return [Tie(**row) for row in rows]


async def count_ties(db: Database, account_id: int, domain: str) -> tuple[int, int]:
    """How many of a domain the member follows, and how many of it follow the member."""
    row = await db.fetchrow(
        """
        SELECT
            (SELECT count(*) FROM follows f JOIN accounts a ON a.id = f.target_id
             WHERE f.account_id = $1 AND a.domain = $2),
            (SELECT count(*) FROM follows f JOIN accounts a ON a.id = f.account_id
             WHERE f.target_id = $1 AND a.domain = $2)
        """,
        account_id,
        domain,
    )
    return row[0], row[1]
