"""Whom a member might want to follow, and the list of who wants to be found."""

from typing import Literal

from server.store.accounts import JOINED
from server.store.database import Database
from server.store.visibility import not_hidden

Order = Literal["active", "new"]

# Wants to be found, is there, and stands in nobody's way.
_FINDABLE = f"""a.discoverable AND a.silenced_at IS NULL AND a.suspended_at IS NULL
    AND a.moved_to_id IS NULL AND a.actor_type <> 'Application' AND {JOINED}"""


async def list_suggestions(db: Database, account_id: int, limit: int) -> list[tuple[int, str]]:
    """(account, why): whom those follow whom the member follows, then the best known here.

    Of friends of friends the less known come first. Who hides whom they follow leads to nobody.
    """
    rows = await db.fetch(
        f"""
        WITH near AS (
            SELECT theirs.target_id AS id, count(*) AS weight
            FROM follows mine JOIN accounts friend ON friend.id = mine.target_id
            JOIN follows theirs ON theirs.account_id = mine.target_id
            WHERE mine.account_id = $1 AND NOT friend.hide_collections GROUP BY theirs.target_id
            ORDER BY count(*) DESC LIMIT 500)
        SELECT a.id, CASE WHEN near.id IS NULL THEN 'most_followed'
                          ELSE 'friends_of_friends' END AS why
        FROM accounts a
        LEFT JOIN near ON near.id = a.id
        LEFT JOIN account_stats st ON st.account_id = a.id
        WHERE {_FINDABLE} AND NOT a.memorial AND a.id <> $1
          AND a.id IN (SELECT id FROM near
                       UNION ALL SELECT id FROM accounts WHERE domain IS NULL)
          AND st.last_status_at > now() - interval '90 days'
          AND NOT EXISTS (SELECT FROM follows f WHERE f.account_id = $1 AND f.target_id = a.id)
          AND NOT EXISTS (SELECT FROM follow_requests f
                          WHERE f.account_id = $1 AND f.target_id = a.id)
          AND NOT EXISTS (SELECT FROM dismissed_suggestions d
                          WHERE d.account_id = $1 AND d.target_id = a.id)
          AND NOT EXISTS (SELECT FROM blocks b WHERE b.account_id = a.id AND b.target_id = $1)
          AND {not_hidden("a.id", "$1")}
        ORDER BY near.weight DESC NULLS LAST,
            CASE WHEN near.id IS NOT NULL THEN st.followers_count END,
            st.followers_count DESC, a.id
        LIMIT $2
        """,
        account_id,
        limit,
    )
    return [(row["id"], row["why"]) for row in rows]


async def dismiss_suggestion(db: Database, account_id: int, target_id: int) -> None:
    """Do not suggest that one again."""
    await db.execute(
        """
        INSERT INTO dismissed_suggestions (account_id, target_id)
        SELECT $1, id FROM accounts WHERE id = $2 ON CONFLICT DO NOTHING
        """,
        account_id,
        target_id,
    )


async def list_directory(
    db: Database, viewer_id: int | None, order: Order, *, local: bool, limit: int, offset: int
) -> list[int]:
    """Ids of accounts that want to be found: who posted last, or who came last, first.

    Members alone, or others as well, as far as we know a post of theirs.
    """
    found = f"""{_FINDABLE} {"AND a.domain IS NULL" if local else ""}
        AND NOT EXISTS (SELECT FROM blocks b WHERE b.account_id = a.id AND b.target_id = $1)
        AND {not_hidden("a.id", "$1::bigint")}"""
    # Each part is read in the order of an index, only as far as the page goes.
    newest = "a.id DESC LIMIT $2::integer + $3::integer"
    active = f"""
        SELECT a.id, st.last_status_at AS posted_at
        FROM account_stats st JOIN accounts a ON a.id = st.account_id
        WHERE st.last_status_at IS NOT NULL AND {found}"""
    silent = f"""
        SELECT a.id, NULL::timestamptz AS posted_at FROM accounts a
        WHERE a.domain IS NULL AND {found} AND NOT EXISTS (
            SELECT FROM account_stats st
            WHERE st.account_id = a.id AND st.last_status_at IS NOT NULL)"""
    sorting = "id DESC" if order == "new" else "posted_at DESC NULLS LAST, id DESC"
    first = newest if order == "new" else f"st.last_status_at DESC, {newest}"
    rows = await db.fetch(
        f"""
        SELECT id FROM (({active} ORDER BY {first}) UNION ALL ({silent} ORDER BY {newest})) found
        ORDER BY {sorting} LIMIT $2 OFFSET $3
        """,
        viewer_id,
        limit,
        offset,
    )
    return [row["id"] for row in rows]
