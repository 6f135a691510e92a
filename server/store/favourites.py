"""Favourites."""

from typing import Any

from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first
from server.store.visibility import visible, wanted


async def insert_favourite(
    db: Database, account_id: int, status_id: int, uri: str | None
) -> int | None:
    """Id of the new favourite, None when there was one."""
    found: int | None = await db.fetchval(
        """
        WITH f AS (
            INSERT INTO favourites (account_id, status_id, uri) VALUES ($1, $2, $3)
            ON CONFLICT ON CONSTRAINT favourites_unique DO NOTHING RETURNING id),
        stats AS (
            INSERT INTO status_stats (status_id, favourites_count) SELECT $2, 1 FROM f
            ON CONFLICT (status_id)
            DO UPDATE SET favourites_count = status_stats.favourites_count + 1)
        SELECT id FROM f
        """,
        account_id,
        status_id,
        uri,
    )
    return found


async def delete_favourite(db: Database, account_id: int, status_id: int) -> Any:
    """Take a favourite back; gives its row (id, uri), None when there was none."""
    return await db.fetchrow(
        """
        WITH f AS (
            DELETE FROM favourites WHERE account_id = $1 AND status_id = $2 RETURNING id, uri),
        stats AS (
            UPDATE status_stats SET favourites_count = greatest(0, favourites_count - 1)
            WHERE status_id = $2 AND EXISTS (SELECT FROM f))
        SELECT id, uri FROM f
        """,
        account_id,
        status_id,
    )


async def favourite_page(db: Database, account_id: int, page: Page) -> list[tuple[int, int]]:
    """(favourite id, status id) of a member's page."""
    rows = await db.fetch(
        f"""
        SELECT f.id, f.status_id FROM favourites f JOIN statuses s ON s.id = f.status_id
        WHERE f.account_id = $1 AND {visible("s", "$1")} {bounds(page, "f.id", 2)}
        """,
        account_id,
        *arguments(page),
    )
    return [(row["id"], row["status_id"]) for row in newest_first(rows, page)]


async def favouriter_page(
    db: Database, status_id: int, viewer_id: int | None, page: Page
) -> list[tuple[int, int]]:
    """(favourite id, account id) of those who like a status, as far as the viewer wants them."""
    rows = await db.fetch(
        f"""
        SELECT f.id, f.account_id FROM favourites f JOIN accounts a ON a.id = f.account_id
        WHERE f.status_id = $1 AND a.suspended_at IS NULL
          AND ($2::bigint IS NULL OR {wanted("a.id", "$2")}) {bounds(page, "f.id", 3)}
        """,
        status_id,
        viewer_id,
        *arguments(page),
    )
    return [(row["id"], row["account_id"]) for row in newest_first(rows, page)]


async def is_favourite(db: Database, account_id: int, status_id: int) -> bool:
    """Whether an account has favourited a status."""
    return bool(
        await db.fetchval(
            "SELECT EXISTS (SELECT FROM favourites WHERE account_id = $1 AND status_id = $2)",
            account_id,
            status_id,
        )
    )


async def find_favourited(
    db: Database, account_id: int, uri: str | None, status_uri: str | None
) -> int | None:
    """Id of the status whose favourite by the account has that id, or that is named."""
    found: int | None = await db.fetchval(
        """
        SELECT f.status_id FROM favourites f JOIN statuses s ON s.id = f.status_id
        WHERE f.account_id = $1 AND (f.uri = $2 OR s.uri = $3) LIMIT 1
        """,
        account_id,
        uri,
        status_uri,
    )
    return found
