"""Bookmarks: nobody but their owner knows of them."""

from server.store.database import Database, affected
from server.store.pages import Page, arguments, bounds, newest_first
from server.store.visibility import visible


async def insert_bookmark(db: Database, account_id: int, status_id: int) -> None:
    """Keep a status for later."""
    await db.execute(
        """
        INSERT INTO bookmarks (account_id, status_id) VALUES ($1, $2)
        ON CONFLICT ON CONSTRAINT bookmarks_unique DO NOTHING
        """,
        account_id,
        status_id,
    )


async def delete_bookmark(db: Database, account_id: int, status_id: int) -> bool:
    """Keep it no longer; gives whether it was kept."""
    tag = await db.execute(
        "DELETE FROM bookmarks WHERE account_id = $1 AND status_id = $2", account_id, status_id
    )
    return affected(tag) > 0


async def bookmark_page(db: Database, account_id: int, page: Page) -> list[tuple[int, int]]:
    """(bookmark id, status id) of a member's page."""
    rows = await db.fetch(
        f"""
        SELECT b.id, b.status_id FROM bookmarks b JOIN statuses s ON s.id = b.status_id
        WHERE b.account_id = $1 AND {visible("s", "$1")} {bounds(page, "b.id", 2)}
        """,
        account_id,
        *arguments(page),
    )
    return [(row["id"], row["status_id"]) for row in newest_first(rows, page)]
