"""What else changes with an account that is suspended or comes back: files, and posts of others."""

from collections.abc import Sequence

from server.store.database import Database


async def follow(db: Database, account_ids: Sequence[int]) -> None:
    """These accounts were suspended or came back, in the same transaction: their files here are
    closed or open again, and posts that show something of them have changed.
    """
    if not account_ids:
        return
    ids = list(account_ids)
    await db.execute("DELETE FROM closed_files WHERE account_id = ANY($1)", ids)
    await db.execute(
        """
        WITH closed AS (
            SELECT id, avatar_file, header_file FROM accounts
            WHERE id = ANY($1) AND suspended_at IS NOT NULL),
        files AS (
            SELECT id, unnest(ARRAY[avatar_file, header_file]) AS file FROM closed
            UNION ALL
            SELECT account_id, unnest(ARRAY[file, small_file]) FROM media_attachments
            WHERE account_id IN (SELECT id FROM closed))
        INSERT INTO closed_files (file, account_id)
        SELECT file, id FROM files WHERE file IS NOT NULL ON CONFLICT (file) DO NOTHING
        """,
        ids,
    )
    await _touch_showing(db, ids)


async def is_closed(db: Database, file: str) -> bool:
    """Whether a stored file is a member's who is suspended."""
    found = await db.fetchval("SELECT EXISTS (SELECT FROM closed_files WHERE file = $1)", file)
    return bool(found)


async def _touch_showing(db: Database, account_ids: list[int]) -> None:
    """Others' posts where these reacted, that link to collections of theirs or with them, and whose
    page names them as its author.
    """
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
        account_ids,
    )
