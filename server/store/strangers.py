"""Accounts elsewhere of whom nobody here wanted to hear yet, and what they send."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server.store.database import Database

# A member follows it, named it in a post, or took its notifications in.
_IS_KNOWN = """(
    EXISTS (SELECT FROM follows f JOIN users u ON u.account_id = f.account_id
            WHERE f.target_id = a.id)
    OR EXISTS (SELECT FROM status_mentions m JOIN statuses s ON s.id = m.status_id
               WHERE m.account_id = a.id AND s.local)
    OR EXISTS (SELECT FROM notification_permissions p WHERE p.from_account_id = a.id))"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an account is no stranger, and whether it posted before."""

    is_known: bool
    has_posted: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A Create of a stranger that came in; `has_posted` before the time that is looked at."""

    id: int
    received_at: datetime
    body: bytes
    account_id: int
    acct: str
    domain: str
    created_at: datetime
    followers_url: str | None
    has_posted: bool


async def find_standing(db: Database, account_id: int) -> Standing:
    """How an account stands to this instance."""
    row = await db.fetchrow(
        f"""
        SELECT {_IS_KNOWN} AS is_known,
            EXISTS (SELECT FROM statuses s WHERE s.account_id = a.id) AS has_posted
        FROM accounts a WHERE a.id = $1
        """,
        account_id,
    )
    return Standing(**row)


async def count_writers(db: Database, account_id: int, prints: Sequence[bytes]) -> int:
    """Remember what a stranger wrote; gives how many wrote any of it within a day, this one too."""
    if not prints:
        return 1
    others: int = await db.fetchval(
        """
        WITH kept AS (
            INSERT INTO stranger_prints (print, account_id) SELECT unnest($2::bytea[]), $1
            ON CONFLICT (print, account_id) DO UPDATE SET seen_at = now())
        SELECT coalesce(max(writers), 0) FROM (
            SELECT count(*) AS writers FROM stranger_prints
            WHERE print = ANY($2) AND account_id <> $1 AND seen_at > now() - interval '1 day'
            GROUP BY print) each
        """,
        account_id,
        list(prints),
    )
    return others + 1


async def silence(db: Database, account_id: int) -> bool:
    """Limit an account; gives whether it was not."""
    return bool(
        await db.fetchval(
            """
            UPDATE accounts SET silenced_at = now(), revision = revision + 1
            WHERE id = $1 AND silenced_at IS NULL RETURNING true
            """,
            account_id,
        )
    )


async def list_sent(db: Database, after_id: int, limit: int) -> list[Sent]:
    """What strangers posted to us within a week and that is kept still, the oldest first."""
    rows = await db.fetch(
        f"""
        SELECT r.id, r.received_at, r.body, a.id AS account_id,
            a.username || '@' || a.domain AS acct, a.domain, a.created_at, a.followers_url,
            EXISTS (SELECT FROM statuses s WHERE s.account_id = a.id
                    AND s.created_at < now() - interval '7 days') AS has_posted
        FROM received r JOIN accounts a ON a.uri = r.actor_uri
        WHERE r.type = 'Create' AND r.id > $1 AND r.received_at > now() - interval '7 days'
          AND a.domain IS NOT NULL AND NOT {_IS_KNOWN}
        ORDER BY r.id LIMIT $2
        """,
        after_id,
        limit,
    )
    return [Sent(**row) for row in rows]
