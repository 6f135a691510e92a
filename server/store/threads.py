"""Threads: what a status answers, what answers it, and who does not want to hear of it."""

from server.store.database import Database
from server.store.visibility import not_hidden, visible


async def list_ancestors(
    db: Database, status_id: int, viewer_id: int | None, limit: int
) -> list[int]:
    """Ids of what the status answers, from the root down; cut where one is not visible, and where
    others have closed a ring.
    """
    rows = await db.fetch(
        f"""
        WITH RECURSIVE up (id, parent_id, step) AS (
            SELECT id, in_reply_to_id, 0 FROM statuses WHERE id = $1
            UNION ALL
            SELECT s.id, s.in_reply_to_id, step + 1 FROM up JOIN statuses s ON s.id = up.parent_id
            WHERE step < $3)
        SELECT s.id FROM (SELECT id, min(step) AS step FROM up WHERE id <> $1 GROUP BY id) above
        JOIN statuses s ON s.id = above.id
        WHERE {visible("s", "$2::bigint")} AND {not_hidden("s.account_id", "$2::bigint")}
        ORDER BY step DESC
        """,
        status_id,
        viewer_id,
        limit,
    )
    return [row["id"] for row in rows]


async def list_descendants(
    db: Database, status_id: int, viewer_id: int | None, limit: int, depth: int
) -> list[int]:
    """Ids of the answers, depth first, older before newer; below a hidden one nothing is cut."""
    rows = await db.fetch(
        f"""
        WITH RECURSIVE down (id, path) AS (
            SELECT id, ARRAY[id] FROM statuses WHERE in_reply_to_id = $1 AND id <> $1
            UNION ALL
            SELECT s.id, path || s.id FROM down JOIN statuses s ON s.in_reply_to_id = down.id
            WHERE cardinality(path) < $4 AND s.id <> ALL(path) AND s.id <> $1)
        SELECT down.id FROM down JOIN statuses s ON s.id = down.id
        WHERE {visible("s", "$2::bigint")} AND {not_hidden("s.account_id", "$2::bigint")}
        ORDER BY path LIMIT $3
        """,
        status_id,
        viewer_id,
        limit,
        depth,
    )
    return [row["id"] for row in rows]


async def list_answer_uris(
    db: Database, status_id: int, after_id: int, limit: int
) -> list[tuple[int, str]]:
    """(id, ActivityPub id) of the answers that everybody may see, the first one first."""
    return await _list_uris(db, "s.in_reply_to_id = $1", status_id, after_id, limit)


async def list_thread_uris(
    db: Database, thread_id: int, after_id: int, limit: int
) -> list[tuple[int, str]]:
    """The same of a whole thread."""
    return await _list_uris(db, "s.thread_id = $1", thread_id, after_id, limit)


async def _list_uris(
    db: Database, condition: str, id_: int, after_id: int, limit: int
) -> list[tuple[int, str]]:
    rows = await db.fetch(
        f"""
        SELECT s.id, s.uri FROM statuses s
        WHERE {condition} AND s.id > $2 AND s.boost_of_id IS NULL AND {visible("s", "NULL::bigint")}
        ORDER BY s.id LIMIT $3
        """,
        id_,
        after_id,
        limit,
    )
    return [(row["id"], row["uri"]) for row in rows]


async def mute_thread(db: Database, account_id: int, thread_id: int) -> None:
    """No more notifications of a thread."""
    await db.execute(
        "INSERT INTO thread_mutes (account_id, thread_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        account_id,
        thread_id,
    )


async def unmute_thread(db: Database, account_id: int, thread_id: int) -> None:
    """Notifications of a thread again."""
    await db.execute(
        "DELETE FROM thread_mutes WHERE account_id = $1 AND thread_id = $2", account_id, thread_id
    )
