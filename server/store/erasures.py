"""Accounts that go for good: what hangs on them is deleted, an empty row keeps the name."""

from server.store.database import Database, affected

# What stays: the key and the activities that it still has to sign, counts (set to zero), and what
# moderators must be able to look up afterwards.
KEPT = frozenset(
    {"actor_keys", "outgoing", "account_stats", "reports", "strikes", "moderation_notes"}
)


async def begin(db: Database, account_id: int, *, if_suspended: bool) -> bool:
    """Mark an account as gone, and hide it like a suspended one; False when it was so already, or
    `if_suspended` is asked and it has come back meanwhile.
    """
    tag = await db.execute(
        """
        UPDATE accounts SET erased_at = now(), suspended_at = coalesce(suspended_at, now()),
            revision = revision + 1
        WHERE id = $1 AND erased_at IS NULL AND (suspended_at IS NOT NULL OR NOT $2)
        """,
        account_id,
        if_suspended,
    )
    return affected(tag) > 0


async def list_files(db: Database, account_id: int) -> list[str]:
    """Every stored file of an account that is no longer a status's: pictures and uploads."""
    rows = await db.fetch(
        """
        SELECT unnest(ARRAY[file, small_file, raw_file]) AS file FROM media_attachments
        WHERE account_id = $1
        UNION ALL SELECT unnest(ARRAY[avatar_file, header_file]) FROM accounts WHERE id = $1
        UNION ALL SELECT file FROM archives WHERE account_id = $1
        UNION ALL SELECT jsonb_path_query(r.data, 'lax $.media[*]') ->> 'file'
            FROM imports i JOIN import_rows r ON r.import_id = i.id WHERE i.account_id = $1
        """,
        account_id,
    )
    return [row["file"] for row in rows if row["file"]]


async def finish(db: Database, account_id: int) -> None:
    """Delete all that hangs on an account without statuses, put others' counts right, empty it.

    The database itself tells which tables refer to accounts: one that is added later needs no
    thought here, unless it is to be KEPT.
    """
    await _uncount(db, account_id)
    rows = await db.fetch(
        """
        SELECT c.conrelid::regclass::text AS "table", a.attname AS "column"
        FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND c.confdeltype = 'c'
          AND c.confrelid = ANY(ARRAY['accounts', 'users']::regclass[])
          AND c.conrelid <> 'users'::regclass
        ORDER BY 1, 2
        """
    )
    for row in rows:
        if row["table"] not in KEPT:
            await db.execute(f'DELETE FROM {row["table"]} WHERE "{row["column"]}" = $1', account_id)
    await db.execute("DELETE FROM users WHERE account_id = $1", account_id)
    await db.execute(
        """
        UPDATE accounts SET display_name = '', note = '', note_text = '', fields = '[]',
            avatar_file = NULL, avatar_remote_url = NULL, avatar_description = '',
            header_file = NULL, header_remote_url = NULL, header_description = '', emojis = '[]',
            locked = false, discoverable = false, indexable = false, memorial = false,
            also_known_as = '{}', attribution_domains = '{}', moved_to_id = NULL,
            silenced_at = NULL, revision = revision + 1
        WHERE id = $1
        """,
        account_id,
    )


async def _uncount(db: Database, account_id: int) -> None:
    """Follows and favourites are counted where they were given; its own counts are zero."""
    await db.execute(
        """
        WITH fewer AS (
            SELECT account_id, sum(followers) AS followers, sum(following) AS following
            FROM (SELECT target_id AS account_id, 1 AS followers, 0 AS following
                  FROM follows WHERE account_id = $1
                  UNION ALL SELECT account_id, 0, 1 FROM follows WHERE target_id = $1) lost
            GROUP BY account_id),
        people AS (
            UPDATE account_stats s SET
                followers_count = greatest(0, s.followers_count - fewer.followers),
                following_count = greatest(0, s.following_count - fewer.following)
            FROM fewer WHERE s.account_id = fewer.account_id),
        posts AS (
            UPDATE status_stats s SET favourites_count = greatest(0, s.favourites_count - 1)
            FROM favourites f WHERE f.account_id = $1 AND s.status_id = f.status_id),
        changed AS (
            UPDATE statuses SET revision = revision + 1
            WHERE id IN (SELECT status_id FROM favourites WHERE account_id = $1))
        UPDATE account_stats SET statuses_count = 0, followers_count = 0, following_count = 0,
            last_status_at = NULL
        WHERE account_id = $1
        """,
        account_id,
    )
