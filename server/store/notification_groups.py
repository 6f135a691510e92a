"""Notifications, several about the same thing shown as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server.store.database import Database, affected
from server.store.notifications import WITH_STATUS, shown
from server.store.pages import Page, arguments, newest_first

GROUPED_TYPES = ("favourite", "follow", "reblog", "admin.sign_up")
_SAMPLE = 8


@dataclass(frozen=True, slots=True)
class Selection:
    """Which notifications, and which kinds of them are grouped."""

    types: Sequence[str] = ()
    exclude_types: Sequence[str] = ()
    grouped_types: Sequence[str] = GROUPED_TYPES
    from_account_id: int | None = None
    include_filtered: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One line of the list; ids are those of notifications, `sample` those of senders."""

    key: str
    type: str
    status_id: int | None
    count: int
    newest_id: int
    page_min_id: int
    page_max_id: int
    latest_at: datetime
    sample: list[int]


def _key(grouped: str) -> str:
    return f"""CASE WHEN n.group_key IS NOT NULL AND n.type = ANY({grouped}) THEN n.group_key
        ELSE 'ungrouped-' || n.id END"""


async def group_page(
    db: Database, account_id: int, page: Page, selection: Selection
) -> list[Group]:
    """Groups by their newest notification within the bounds, newest first.

    Older pages (`max_id`) leave out what stood on a newer one, so that a walk shows each once.
    """
    up = page.min_id is not None
    step, order = (">", "ASC") if up else ("<", "DESC")
    chosen = f"""
        SELECT n.id, {_key("$8::text[]")} AS key
        FROM notifications n {WITH_STATUS}
        WHERE n.account_id = $1 AND n.id < $2::bigint AND n.id > $3::bigint
          AND (cardinality($5::text[]) = 0 OR n.type = ANY($5)) AND n.type <> ALL($6::text[])
          AND ($7::bigint IS NULL OR n.from_account_id = $7)
          AND ($9 OR NOT n.filtered) AND {shown("$1")}
          AND (n.group_key IS NULL OR n.type <> ALL($8) OR NOT EXISTS (
               SELECT FROM notifications newer WHERE newer.account_id = $1
                 AND newer.group_key = n.group_key AND newer.id >= $2))"""
    rows = await db.fetch(
        f"""
        WITH RECURSIVE found AS (
            (SELECT id, key, ARRAY[key] AS keys FROM ({chosen}) c ORDER BY id {order} LIMIT 1)
            UNION ALL
            (SELECT c.id, c.key, found.keys || c.key FROM found, LATERAL (
                SELECT id, key FROM ({chosen}) c
                WHERE id {step} found.id AND key <> ALL(found.keys)
                ORDER BY id {order} LIMIT 1) c
             WHERE cardinality(found.keys) < $4))
        SELECT key FROM found ORDER BY id {order}
        """,
        account_id,
        *arguments(page),
        list(selection.types),
        list(selection.exclude_types),
        selection.from_account_id,
        list(selection.grouped_types),
        selection.include_filtered,
    )
    keys = newest_first([row["key"] for row in rows], page)
    groups = await load_groups(db, account_id, keys, page, include_filtered=True)
    # A group stands where its newest of this page does, wherever the walk met it first.
    return sorted(groups, key=lambda group: group.page_max_id, reverse=True)


async def load_groups(
    db: Database,
    account_id: int,
    keys: Sequence[str],
    page: Page | None = None,
    *,
    include_filtered: bool = False,
) -> list[Group]:
    """Groups with these keys, as far as they are shown; two queries' worth of a page in one."""
    highest, lowest, _ = arguments(page) if page else (2**63 - 1, 0, 0)
    singles = [int(key.removeprefix("ungrouped-")) for key in keys if _is_single(key)]
    rows = await db.fetch(
        f"""
        SELECT key, min(type) AS type, max(status_id) AS status_id, count(*) AS count,
            max(id) AS newest_id,
            (array_agg(from_account_id ORDER BY id DESC))[1:{_SAMPLE}] AS sample,
            coalesce(min(id) FILTER (WHERE is_inside), min(id)) AS page_min_id,
            coalesce(max(id) FILTER (WHERE is_inside), max(id)) AS page_max_id,
            coalesce(max(created_at) FILTER (WHERE is_inside), max(created_at)) AS latest_at
        FROM (
            SELECT n.id, n.type, n.status_id, n.from_account_id, n.created_at,
                n.id < $4::bigint AND n.id > $5::bigint AS is_inside,
                CASE WHEN n.id = ANY($3) THEN 'ungrouped-' || n.id ELSE n.group_key END AS key
            FROM notifications n {WITH_STATUS}
            WHERE n.account_id = $1 AND (n.group_key = ANY($2) OR n.id = ANY($3))
              AND ($6 OR NOT n.filtered) AND {shown("$1")}) one
        GROUP BY key ORDER BY newest_id DESC
        """,
        account_id,
        [key for key in keys if not _is_single(key)],
        singles,
        highest,
        lowest,
        include_filtered,
    )
    return [Group(**row) for row in rows]


async def sender_page(db: Database, account_id: int, key: str, page: Page) -> list[tuple[int, int]]:
    """(notification, sender) of a group, newest first."""
    single = int(key.removeprefix("ungrouped-")) if _is_single(key) else 0
    order = "ASC" if page.min_id is not None else "DESC"
    rows = await db.fetch(
        f"""
        SELECT n.id, n.from_account_id
        FROM notifications n {WITH_STATUS}
        WHERE n.account_id = $1 AND (n.group_key = $2 OR n.id = $3) AND {shown("$1")}
          AND n.id < $4::bigint AND n.id > $5::bigint ORDER BY n.id {order} LIMIT $6
        """,
        account_id,
        key,
        single,
        *arguments(page),
    )
    return [(row["id"], row["from_account_id"]) for row in newest_first(rows, page)]


async def dismiss_group(db: Database, account_id: int, key: str) -> bool:
    """Delete all of a group; whether there was any."""
    single = int(key.removeprefix("ungrouped-")) if _is_single(key) else 0
    tag = await db.execute(
        "DELETE FROM notifications WHERE account_id = $1 AND (group_key = $2 OR id = $3)",
        account_id,
        key,
        single,
    )
    return affected(tag) > 0


async def count_unread_groups(
    db: Database, account_id: int, limit: int, selection: Selection
) -> int:
    """Groups with something newer than the marker, at most `limit`."""
    return int(
        await db.fetchval(
            f"""
            SELECT count(*) FROM (
                SELECT DISTINCT {_key("$3::text[]")}
                FROM notifications n {WITH_STATUS}
                WHERE n.account_id = $1 AND NOT n.filtered AND n.id > coalesce((
                    SELECT last_read_id FROM markers
                    WHERE account_id = $1 AND timeline = 'notifications'), 0)
                  AND (cardinality($4::text[]) = 0 OR n.type = ANY($4))
                  AND n.type <> ALL($5::text[])
                  AND ($6::bigint IS NULL OR n.from_account_id = $6)
                  AND {shown("$1")} LIMIT $2) unread
            """,
            account_id,
            limit,
            list(selection.grouped_types),
            list(selection.types),
            list(selection.exclude_types),
            selection.from_account_id,
        )
    )


def _is_single(key: str) -> bool:
    digits = key.removeprefix("ungrouped-")
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 19
    return key.startswith("ungrouped-") and is_number
