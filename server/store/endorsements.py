"""People whom members show on their profiles."""

from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first
from server.store.visibility import not_blocked


async def insert_endorsement(db: Database, account_id: int, target_id: int) -> bool:
    """Show somebody whom the member follows; False when the member does not."""
    return bool(
        await db.fetchval(
            """
            WITH shown AS (
                INSERT INTO endorsements (account_id, target_id)
                SELECT account_id, target_id FROM follows WHERE account_id = $1 AND target_id = $2
                ON CONFLICT DO NOTHING)
            SELECT EXISTS (SELECT FROM follows WHERE account_id = $1 AND target_id = $2)
            """,
            account_id,
            target_id,
        )
    )


async def delete_endorsement(db: Database, account_id: int, target_id: int) -> None:
    """Show somebody no longer."""
    await db.execute(
        "DELETE FROM endorsements WHERE account_id = $1 AND target_id = $2", account_id, target_id
    )


async def endorsement_page(
    db: Database, account_id: int, viewer_id: int | None, page: Page
) -> list[tuple[int, int]]:
    """(endorsement, account) of a member's, the latest first."""
    rows = await db.fetch(
        f"""
        SELECT e.id, e.target_id FROM endorsements e JOIN accounts a ON a.id = e.target_id
        WHERE e.account_id = $1 AND a.suspended_at IS NULL
          AND EXISTS (SELECT FROM follows f
                      WHERE f.account_id = e.account_id AND f.target_id = e.target_id)
          AND {not_blocked("e.target_id", "$2::bigint")} {bounds(page, "e.id", 3)}
        """,
        account_id,
        viewer_id,
        *arguments(page),
    )
    return [(row["id"], row["target_id"]) for row in newest_first(rows, page)]
