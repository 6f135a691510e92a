"""Posts that show something of accounts other than their authors'."""

from collections.abc import Sequence

from server.store.database import Database


async def touch_showing(db: Database, account_ids: Sequence[int]) -> None:
    """Accounts were suspended or came back: where they reacted, where collections of theirs or with
    them are linked, and where a page names them as its author, posts have changed.
    """
    if not account_ids:
        return
    await db.execute(
        """
        WITH linked AS (
            SELECT id FROM collections WHERE account_id = ANY($1)
            UNION SELECT collection_id FROM collection_items WHERE account_id = ANY($1))
        UPDATE statuses SET revision = revision + 1 WHERE id IN (
            SELECT status_id FROM reactions WHERE account_id = ANY($1)
            UNION SELECT status_id FROM status_collections
                WHERE collection_id IN (SELECT id FROM linked)
            UNION SELECT x.status_id FROM status_cards x JOIN cards c ON c.id = x.card_id
                WHERE c.creator_id = ANY($1))
        """,
        list(account_ids),
    )
