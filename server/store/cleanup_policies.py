"""Which of their own old posts members have deleted, and when it is whose turn."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

from server.store.database import Database


@dataclass(frozen=True, slots=True)
class CleanupPolicy:
    """What goes and what stays; the names are Mastodon's.

    `min_status_age` is in seconds; posts with `min_favs` favourites or `min_reblogs` boosts stay.
    """

    enabled: bool = False
    min_status_age: int = 14 * 24 * 3600
    keep_direct: bool = True
    keep_pinned: bool = True
    keep_polls: bool = False
    keep_media: bool = False
    keep_self_fav: bool = True
    keep_self_bookmark: bool = True
    min_favs: int | None = None
    min_reblogs: int | None = None


_COLUMNS = [field.name for field in fields(CleanupPolicy)]
# The row `s` may go by the policy `p`. What one thinks of a boost hangs on what is boosted.
_DUE = """
    s.account_id = p.account_id AND s.id < id_at(now() - make_interval(secs => p.min_status_age))
    AND NOT (p.keep_direct AND s.visibility = 'direct')
    AND NOT (p.keep_pinned AND EXISTS (
        SELECT FROM status_pins o WHERE o.account_id = s.account_id AND o.status_id = s.id))
    AND NOT (p.keep_polls AND EXISTS (SELECT FROM polls o WHERE o.status_id = s.id))
    AND NOT (p.keep_media AND EXISTS (SELECT FROM media_attachments o WHERE o.status_id = s.id))
    AND NOT (p.keep_self_fav AND EXISTS (
        SELECT FROM favourites o
        WHERE o.account_id = s.account_id AND o.status_id = coalesce(s.boost_of_id, s.id)))
    AND NOT (p.keep_self_bookmark AND EXISTS (
        SELECT FROM bookmarks o
        WHERE o.account_id = s.account_id AND o.status_id = coalesce(s.boost_of_id, s.id)))
    AND NOT EXISTS (SELECT FROM status_stats o WHERE o.status_id = s.id
                    AND (o.favourites_count >= p.min_favs OR o.boosts_count >= p.min_reblogs))
"""


async def find_policy(db: Database, account_id: int) -> CleanupPolicy:
    """A member's policy; without one nothing is deleted."""
    row = await db.fetchrow(
        f"SELECT {', '.join(_COLUMNS)} FROM cleanup_policies WHERE account_id = $1", account_id
    )
    return CleanupPolicy() if row is None else CleanupPolicy(**row)


async def put_policy(db: Database, account_id: int, policy: CleanupPolicy) -> None:
    """Replace a member's policy."""
    places = ", ".join(f"${place}" for place in range(2, len(_COLUMNS) + 2))
    changes = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)
    await db.execute(
        f"""
        INSERT INTO cleanup_policies (account_id, {", ".join(_COLUMNS)}) VALUES ($1, {places})
        ON CONFLICT (account_id) DO UPDATE SET {changes}
        """,
        account_id,
        *asdict(policy).values(),
    )


async def count_due(db: Database, account_id: int) -> int:
    """How many posts and boosts a member's policy would delete by now."""
    return int(
        await db.fetchval(
            f"""
            SELECT count(*) FROM cleanup_policies p JOIN statuses s ON {_DUE}
            WHERE p.account_id = $1
            """,
            account_id,
        )
    )


async def list_due(db: Database, account_id: int, ids: Sequence[int]) -> list[int]:
    """Those of the ids that a member's policy still deletes, while it is enabled."""
    rows = await db.fetch(
        f"""
        SELECT s.id FROM cleanup_policies p JOIN statuses s ON {_DUE}
        WHERE p.account_id = $1 AND p.enabled AND s.id = ANY($2) ORDER BY s.id
        """,
        account_id,
        list(ids),
    )
    return [row["id"] for row in rows]


async def take_due(
    db: Database, each: int, in_all: int, pause_seconds: float
) -> dict[int, list[int]]:
    """The oldest posts that may go, `each` of a member and `in_all`: ids by member.

    Members whose turn was longest ago come first; a turn comes once in `pause_seconds`.
    """
    rows = await db.fetch(
        f"""
        WITH due AS (
            SELECT p.* FROM cleanup_policies p JOIN accounts a ON a.id = p.account_id
            WHERE p.enabled AND a.suspended_at IS NULL
              AND (p.last_run_at IS NULL OR p.last_run_at < now() - make_interval(secs => $3))
            ORDER BY p.last_run_at NULLS FIRST LIMIT 200 FOR UPDATE OF p SKIP LOCKED),
        old AS (
            SELECT p.account_id, p.last_run_at, x.id FROM due p CROSS JOIN LATERAL (
                SELECT s.id FROM statuses s WHERE {_DUE} ORDER BY s.id LIMIT $1) x),
        found AS (SELECT * FROM old ORDER BY last_run_at NULLS FIRST, id LIMIT $2),
        turned AS (
            UPDATE cleanup_policies SET last_run_at = now()
            WHERE account_id IN (SELECT account_id FROM due) AND account_id NOT IN (
                SELECT account_id FROM old EXCEPT SELECT account_id FROM found))
        SELECT account_id, array_agg(id ORDER BY id) AS ids FROM found GROUP BY account_id
        """,
        each,
        in_all,
        pause_seconds,
    )
    return {row["account_id"]: row["ids"] for row in rows}
