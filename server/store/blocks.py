"""Blocks: a block ends what was between the two."""

from collections.abc import Sequence
from typing import Any

from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first


async def insert_block(db: Database, account_id: int, target_id: int, uri: str | None) -> None:
    """Block; follows and requests both ways end and the counts are put right. Neither stays in a
    collection of the other, and what the blocked one was allowed to tell of is forgotten.
    """
    await db.execute(
        """
        WITH b AS (
            INSERT INTO blocks (account_id, target_id, uri) VALUES ($1, $2, $3)
            ON CONFLICT ON CONSTRAINT blocks_unique DO UPDATE SET uri = coalesce($3, blocks.uri)),
        ended AS (
            DELETE FROM follows
            WHERE (account_id, target_id) IN (($1, $2), ($2, $1)) RETURNING account_id, target_id),
        withdrawn AS (
            DELETE FROM follow_requests WHERE (account_id, target_id) IN (($1, $2), ($2, $1))),
        ungranted AS (
            DELETE FROM notification_permissions WHERE account_id = $1 AND from_account_id = $2),
        uncollected AS (
            DELETE FROM collection_items i USING collections c
            WHERE c.id = i.collection_id AND (c.account_id, i.account_id) IN (($1, $2), ($2, $1))),
        unendorsed AS (
            DELETE FROM endorsements WHERE (account_id, target_id) IN (($1, $2), ($2, $1))),
        unlisted AS (
            DELETE FROM list_accounts l USING lists
            WHERE lists.id = l.list_id AND ((lists.account_id = $1 AND l.account_id = $2)
                                         OR (lists.account_id = $2 AND l.account_id = $1)))
        UPDATE account_stats s SET
            following_count = greatest(0, following_count
                - (SELECT count(*) FROM ended WHERE ended.account_id = s.account_id)),
            followers_count = greatest(0, followers_count
                - (SELECT count(*) FROM ended WHERE ended.target_id = s.account_id))
        WHERE s.account_id IN ($1, $2)
        """,
        account_id,
        target_id,
        uri,
    )


async def delete_block(db: Database, account_id: int, target_id: int) -> Any:
    """Unblock; gives the row (uri), None when there was none."""
    return await db.fetchrow(
        "DELETE FROM blocks WHERE account_id = $1 AND target_id = $2 RETURNING uri",
        account_id,
        target_id,
    )


async def find_target(db: Database, account_id: int, uri: str | None) -> int | None:
    """Whom the account blocks by the Block with that id."""
    found: int | None = await db.fetchval(
        "SELECT target_id FROM blocks WHERE account_id = $1 AND uri = $2", account_id, uri
    )
    return found


async def is_blocked(db: Database, account_id: int, target_id: int) -> bool:
    """Whether the account blocks the target."""
    return bool(
        await db.fetchval(
            "SELECT EXISTS (SELECT FROM blocks WHERE account_id = $1 AND target_id = $2)",
            account_id,
            target_id,
        )
    )


async def list_blocked(db: Database, account_id: int, ids: Sequence[int]) -> set[int]:
    """Of these accounts, those whom the account blocks, by themselves or with their domain."""
    rows = await db.fetch(
        """
        SELECT target_id AS id FROM blocks WHERE account_id = $1 AND target_id = ANY($2)
        UNION
        SELECT a.id FROM accounts a JOIN domain_blocks d ON d.domain = a.domain
        WHERE d.account_id = $1 AND a.id = ANY($2)
        """,
        account_id,
        list(ids),
    )
    return {row["id"] for row in rows}


async def block_page(db: Database, account_id: int, page: Page) -> list[tuple[int, int]]:
    """(block id, blocked one's id)."""
    rows = await db.fetch(
        f"SELECT id, target_id FROM blocks WHERE account_id = $1 {bounds(page, 'id', 2)}",
        account_id,
        *arguments(page),
    )
    return [(row["id"], row["target_id"]) for row in newest_first(rows, page)]
