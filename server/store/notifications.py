"""What members are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.store.database import Database, affected
from server.store.pages import Page, arguments, bounds, newest_first
from server.store.reactions import Emoji
from server.store.revisions import ACCOUNT_NUMBERS, WITH_ACCOUNT_NUMBERS, Numbers
from server.store.severances import Severance, read_severance
from server.store.visibility import not_hidden, visible


@dataclass(frozen=True, slots=True)
class Notification:
    """A row of notifications."""

    id: int
    type: str
    from_account_id: int
    sender: Numbers  # of the sender's account (store/revisions.py)
    status_id: int | None
    group_key: str
    collection_id: int | None
    report_id: int | None
    strike_id: int | None
    created_at: datetime
    emoji: Emoji | None  # of a reaction: the latest one of its sender
    severance: Severance | None


@dataclass(frozen=True, slots=True)
class Told:
    """A new notification; a `filtered` one waits in a request."""

    account_id: int
    id: int
    filtered: bool


# Those about which there is more than a sender and a status.
SPECIAL_TYPES = (
    "pleroma:emoji_reaction",
    "severed_relationships",
    "admin.report",
    "added_to_collection",
    "collection_update",
    "moderation_warning",
)

# Looks by key for each row of the page: as plain joins they may be walks over whole tables.
WITH_STATUS = """LEFT JOIN LATERAL (
    SELECT id, account_id, visibility, local_only FROM statuses
    WHERE statuses.id = n.status_id OFFSET 0) s ON true"""
_COLUMNS = f"""n.id, n.type, n.from_account_id,
    (SELECT {ACCOUNT_NUMBERS} FROM accounts a {WITH_ACCOUNT_NUMBERS}
     WHERE a.id = n.from_account_id) AS sender, n.status_id,
    coalesce(n.group_key, 'ungrouped-' || n.id) AS group_key, n.collection_id,
    n.report_id, n.strike_id, n.created_at,
    CASE WHEN n.type = 'pleroma:emoji_reaction' THEN (
        SELECT jsonb_build_object('name', r.name, 'domain', r.domain, 'picture', r.picture)
        FROM reactions r WHERE r.status_id = n.status_id AND r.account_id = n.from_account_id
        ORDER BY r.id DESC LIMIT 1) END AS emoji,
    CASE WHEN n.severance_id IS NOT NULL THEN (
        SELECT jsonb_build_object('id', e.id, 'type', e.type, 'target_name', e.target_name,
            'purged', e.purged, 'followers_count', e.followers_count,
            'following_count', e.following_count, 'created_at', e.created_at)
        FROM severances e WHERE e.id = n.severance_id) END AS severance"""


# Whom the status $4 names or answers `u` neither blocks nor mutes (with notifications).
_BESIDE_NOBODY_HIDDEN = """NOT EXISTS (
    SELECT FROM (
        SELECT in_reply_to_account_id AS id FROM statuses WHERE id = $4
        UNION ALL
        SELECT account_id FROM status_mentions WHERE status_id = $4 AND NOT silent) beside
    WHERE EXISTS (SELECT FROM blocks b
                  WHERE b.account_id = u.account_id AND b.target_id = beside.id)
       OR EXISTS (SELECT FROM mutes m
                  WHERE m.account_id = u.account_id AND m.target_id = beside.id
                    AND m.hide_notifications AND (m.expires_at IS NULL OR m.expires_at > now())))
"""


async def insert_notifications(
    db: Database,
    kind: str,
    recipient_ids: Sequence[int],
    from_account_id: int,
    status_id: int | None,
    group_key: str | None,
    *,
    to_oneself: bool = False,
    collection_id: int | None = None,
    report_id: int | None = None,
    is_held: bool = False,
    strike_id: int | None = None,
) -> list[Told]:
    """Tell those of the recipients who are members and want to know; gives what is new.

    Left out: oneself (unless `to_oneself`), whom the recipient blocks or mutes (with
    notifications) or who blocks the recipient, mentions beside such people or in answer to them,
    muted threads, what the recipient's policy drops, and what was told before. What `is_held` is
    filtered.
    """
    rows = await db.fetch(
        f"""
        INSERT INTO notifications (account_id, type, from_account_id, status_id, group_key,
                                   filtered, collection_id, report_id, strike_id)
        SELECT u.account_id, $2, $3, $4, $5, verdict = 'filter' OR $9, $7, $8, $10
        FROM users u, LATERAL (SELECT CASE
            WHEN $2 = 'mention' AND speaks_for_the_house($3, u.account_id) THEN 'accept'
            ELSE notification_verdict(u.account_id, $3, $2, $4) END) AS told (verdict)
        WHERE verdict <> 'drop' AND u.account_id = ANY($1) AND ($6 OR u.account_id <> $3)
          AND NOT EXISTS (SELECT FROM blocks b WHERE (b.account_id, b.target_id)
                          IN ((u.account_id, $3), ($3, u.account_id)))
          AND NOT EXISTS (SELECT FROM mutes m WHERE m.account_id = u.account_id AND m.target_id = $3
                          AND m.hide_notifications
                          AND (m.expires_at IS NULL OR m.expires_at > now()))
          AND NOT EXISTS (SELECT FROM domain_blocks d JOIN accounts a ON a.domain = d.domain
                          WHERE d.account_id = u.account_id AND a.id = $3)
          AND ($2 <> 'mention' OR {_BESIDE_NOBODY_HIDDEN})
          AND NOT EXISTS (SELECT FROM thread_mutes t JOIN statuses s ON s.thread_id = t.thread_id
                          WHERE t.account_id = u.account_id AND s.id = $4)
        ON CONFLICT ON CONSTRAINT notifications_unique DO NOTHING
        RETURNING account_id, id, filtered
        """,
        list(recipient_ids),
        kind,
        from_account_id,
        status_id,
        group_key,
        to_oneself,
        collection_id,
        report_id,
        is_held,
        strike_id,
    )
    return [Told(**row) for row in rows]


async def delete_notifications(
    db: Database, kind: str, account_id: int, from_account_id: int, status_id: int | None
) -> None:
    """Take back what was told (an unfollow, a favourite taken back)."""
    await db.execute(
        """
        DELETE FROM notifications WHERE type = $1 AND account_id = $2 AND from_account_id = $3
          AND status_id IS NOT DISTINCT FROM $4
        """,
        kind,
        account_id,
        from_account_id,
        status_id,
    )


async def notification_page(
    db: Database,
    account_id: int,
    page: Page,
    types: Sequence[str] = (),
    exclude_types: Sequence[str] = (),
    from_account_id: int | None = None,
    *,
    include_filtered: bool = False,
) -> list[Notification]:
    """A member's notifications, newest first."""
    rows = await db.fetch(
        f"""
        SELECT {_COLUMNS} FROM notifications n {WITH_STATUS}
        WHERE n.account_id = $1 AND (cardinality($5::text[]) = 0 OR n.type = ANY($5))
          AND n.type <> ALL($6::text[]) AND ($7::bigint IS NULL OR n.from_account_id = $7)
          AND ($8 OR NOT n.filtered) AND {shown("$1")} {bounds(page, "n.id", 2)}
        """,
        account_id,
        *arguments(page),
        list(types),
        list(exclude_types),
        from_account_id,
        include_filtered or from_account_id is not None,
    )
    return [_notification(row) for row in newest_first(rows, page)]


async def find_notifications(
    db: Database, account_id: int, ids: Sequence[int]
) -> dict[int, Notification]:
    """Several of a member's own by id."""
    if not ids:
        return {}
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM notifications n WHERE n.account_id = $1 AND n.id = ANY($2)",
        account_id,
        list(ids),
    )
    return {row["id"]: _notification(row) for row in rows}


async def find_notification(
    db: Database, account_id: int, notification_id: int
) -> Notification | None:
    """One of a member's own."""
    row = await db.fetchrow(
        f"""
        SELECT {_COLUMNS} FROM notifications n {WITH_STATUS}
        WHERE n.account_id = $1 AND n.id = $2 AND {shown("$1")}
        """,
        account_id,
        notification_id,
    )
    return None if row is None else _notification(row)


async def list_notifications(
    db: Database, account_id: int, ids: Sequence[int]
) -> list[Notification]:
    """Those of a member's own, oldest first; what is hidden by now is left out."""
    rows = await db.fetch(
        f"""
        SELECT {_COLUMNS} FROM notifications n {WITH_STATUS}
        WHERE n.account_id = $1 AND n.id = ANY($2) AND {shown("$1")} ORDER BY n.id
        """,
        account_id,
        list(ids),
    )
    return [_notification(row) for row in rows]


async def count_unread(db: Database, account_id: int, limit: int) -> int:
    """Notifications that are shown and newer than the marker, at most `limit`."""
    return int(
        await db.fetchval(
            f"""
            SELECT count(*) FROM (
                SELECT FROM notifications n {WITH_STATUS}
                WHERE n.account_id = $1 AND NOT n.filtered AND n.id > coalesce((
                    SELECT last_read_id FROM markers
                    WHERE account_id = $1 AND timeline = 'notifications'), 0)
                  AND {shown("$1")} LIMIT $2) unread
            """,
            account_id,
            limit,
        )
    )


async def clear_notifications(db: Database, account_id: int) -> None:
    """Delete all of a member's."""
    await db.execute("DELETE FROM notifications WHERE account_id = $1", account_id)


async def dismiss_notification(db: Database, account_id: int, notification_id: int) -> bool:
    """Delete one of a member's own; whether there was one."""
    tag = await db.execute(
        "DELETE FROM notifications WHERE account_id = $1 AND id = $2", account_id, notification_id
    )
    return affected(tag) > 0


def _notification(row: Any) -> Notification:
    values = list(row)  # in the order of the fields
    emoji, severance = values[-2:]
    values[-2] = Emoji(**emoji) if emoji else None
    values[-1] = read_severance(severance) if severance else None
    return Notification(*values)


def shown(viewer: str) -> str:
    """The sender is not suspended or hidden since, and the status is still the viewer's to see."""
    return f"""(SELECT f.suspended_at IS NULL FROM accounts f WHERE f.id = n.from_account_id)
        AND {not_hidden("n.from_account_id", viewer)}
        AND (n.status_id IS NULL OR {visible("s", viewer)})"""
