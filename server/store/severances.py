"""Follows that members lost by a moderator's decision or by their own block of a domain."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from server.errors import NotFound
from server.store.database import Database


@dataclass(frozen=True, slots=True)
class Severance:
    """What one member lost at once; `target_name` is a domain or the handle of an account."""

    id: int
    type: str  # domain_block, user_domain_block, account_suspension
    target_name: str
    purged: bool
    followers_count: int
    following_count: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Severed:
    """Somebody whom a member followed, or who followed a member; domain None for ours."""

    username: str
    domain: str | None
    show_boosts: bool
    notify: bool
    languages: list[str] | None


async def insert_severances(
    db: Database,
    kind: str,
    target_name: str,
    *,
    account_id: int | None,
    domain: str | None,
    member_id: int | None,
) -> list[tuple[int, int]]:
    """Keep and tell what members lose of an account or a domain: (member, notification id).

    To be called while the follows still stand; who has none with it is told nothing. With
    `member_id` it concerns that member alone.
    """
    rows = await db.fetch(
        """
        WITH others AS (SELECT id FROM accounts WHERE id = $3 OR domain = $4
                   OR ($2 = 'domain_block' AND domain LIKE '%.' || $4)),
        lost AS (
            SELECT f.account_id AS member_id, o.id AS other_id, false AS is_follower,
                f.show_boosts, f.notify, f.languages
            FROM follows f JOIN others o ON o.id = f.target_id
            JOIN users u ON u.account_id = f.account_id
            WHERE $5::bigint IS NULL OR f.account_id = $5
            UNION ALL
            SELECT f.target_id, o.id, true, f.show_boosts, f.notify, f.languages
            FROM follows f JOIN others o ON o.id = f.account_id
            JOIN users u ON u.account_id = f.target_id
            WHERE $5::bigint IS NULL OR f.target_id = $5),
        made AS (
            INSERT INTO severances (account_id, type, target_name, followers_count, following_count)
            SELECT member_id, $1, $2, count(*) FILTER (WHERE is_follower),
                count(*) FILTER (WHERE NOT is_follower)
            FROM lost GROUP BY member_id RETURNING id, account_id),
        kept AS (
            INSERT INTO severed_follows (severance_id, account_id, is_follower, show_boosts, notify,
                                         languages)
            SELECT m.id, l.other_id, l.is_follower, l.show_boosts, l.notify, l.languages
            FROM lost l JOIN made m ON m.account_id = l.member_id)
        INSERT INTO notifications (account_id, type, from_account_id, severance_id)
        SELECT account_id, 'severed_relationships', account_id, id FROM made
        RETURNING account_id, id
        """,
        kind,
        target_name,
        account_id,
        domain,
        member_id,
    )
    return [(row["account_id"], row["id"]) for row in rows]


async def list_severances(db: Database, member_id: int) -> list[Severance]:
    """What a member lost, the latest hundred first."""
    rows = await db.fetch(
        """
        SELECT id, type, target_name, purged, followers_count, following_count, created_at
        FROM severances WHERE account_id = $1 ORDER BY id DESC LIMIT 100
        """,
        member_id,
    )
    return [Severance(**row) for row in rows]


async def list_severed(
    db: Database, member_id: int, severance_id: int, *, followers: bool
) -> list[Severed]:
    """Whom a member lost as followers, or followed before. Raises NotFound for another member's."""
    found = "SELECT EXISTS (SELECT FROM severances WHERE id = $1 AND account_id = $2)"
    if not await db.fetchval(found, severance_id, member_id):
        raise NotFound
    rows = await db.fetch(
        """
        SELECT a.username, a.domain, s.show_boosts, s.notify, s.languages
        FROM severed_follows s JOIN accounts a ON a.id = s.account_id
        WHERE s.severance_id = $1 AND s.is_follower = $2 ORDER BY a.domain, lower(a.username)
        """,
        severance_id,
        followers,
    )
    return [Severed(**row) for row in rows]


def read_severance(value: dict[str, Any]) -> Severance:
    """A row of severances that came as JSON."""
    return replace(Severance(**value), created_at=datetime.fromisoformat(value["created_at"]))
