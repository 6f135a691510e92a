"""Finding accounts by what people type."""

from dataclasses import dataclass

from server.store.database import Database
from server.store.roles import OWNER


@dataclass(frozen=True, slots=True)
class WantedAccount:
    """Which accounts, as tsqueries over the weights of account_words (`lexemes` writes them).

    `names` is found in handles and names, `whole` says which of these are no mere beginnings,
    `notes` is found in what discoverable accounts tell of themselves. `username` (lower case) and
    `domain` (None = any) are the handle that comes first when there is one.
    """

    names: str
    whole: str
    notes: str
    username: str
    domain: str | None
    local_only: bool = False
    following: bool = False


async def search_accounts(
    db: Database, wanted: WantedAccount, viewer_id: int | None, limit: int, offset: int
) -> list[int]:
    """Ids: the very handle first, then whom the viewer follows, then the nearest and best known.

    Who is limited, has moved or (by the note) may not be discovered is found by followers, and by
    whoever knows the handle.
    """
    rows = await db.fetch(
        """
        SELECT a.id FROM account_words w JOIN accounts a ON a.id = w.account_id
        LEFT JOIN follows f ON f.account_id = $1 AND f.target_id = a.id
        LEFT JOIN account_stats s ON s.account_id = a.id
        CROSS JOIN LATERAL (SELECT
            w.words @@ $4::text::tsquery AS is_named,
            f.id IS NOT NULL OR a.id = $1 AS is_near,
            lower(a.username) = $7 AND ($8::text IS NULL OR lower(a.domain) = $8) AS is_it) m
        WHERE w.words @@ ($4::text::tsquery || $6::text::tsquery)
          AND a.suspended_at IS NULL AND a.actor_type <> 'Application'
          AND (m.is_named OR a.discoverable OR m.is_near)
          AND (m.is_near OR m.is_it OR (a.silenced_at IS NULL AND a.moved_to_id IS NULL))
          AND (NOT $9 OR a.domain IS NULL) AND (NOT $10 OR m.is_near)
          AND NOT EXISTS (SELECT FROM blocks b WHERE b.account_id = a.id AND b.target_id = $1)
        ORDER BY m.is_it DESC, f.id IS NOT NULL DESC, m.is_named DESC,
            w.words @@ $5::text::tsquery DESC, starts_with(lower(a.username), $7) DESC,
            a.domain IS NULL DESC, coalesce(s.followers_count, 0) DESC, a.id
        LIMIT $2 OFFSET $3
        """,
        viewer_id,
        limit,
        offset,
        wanted.names,
        wanted.whole,
        wanted.notes,
        wanted.username,
        wanted.domain,
        wanted.local_only,
        wanted.following,
    )
    return [row["id"] for row in rows]


async def list_known_domains(db: Database) -> list[str]:
    """Domains of all remote accounts that we know."""
    rows = await db.fetch(
        "SELECT DISTINCT domain FROM accounts WHERE domain IS NOT NULL ORDER BY domain"
    )
    return [row["domain"] for row in rows]


async def list_domains_like(db: Database, beginning: str, limit: int) -> list[str]:
    """Domains of remote accounts that begin so, those with most accounts first."""
    rows = await db.fetch(
        """
        SELECT domain FROM accounts
        WHERE domain IS NOT NULL AND suspended_at IS NULL AND starts_with(domain, $1)
        GROUP BY domain ORDER BY count(*) DESC, domain LIMIT $2
        """,
        beginning,
        limit,
    )
    return [row["domain"] for row in rows]


async def find_contact(db: Database) -> int | None:
    """Id of the first owner's account."""
    found: int | None = await db.fetchval(
        "SELECT account_id FROM users WHERE role_id = $1 ORDER BY created_at LIMIT 1",
        OWNER,
    )
    return found


async def familiar_followers(
    db: Database, account_id: int, target_ids: list[int]
) -> list[tuple[int, int]]:
    """(target, follower) where the account follows the follower; ten a target.

    Neither those who hide whom they follow nor those of who hides by whom they are followed.
    """
    rows = await db.fetch(
        """
        SELECT wanted.id AS target_id, f.account_id
        FROM unnest($2::bigint[]) AS wanted (id) CROSS JOIN LATERAL (
            SELECT them.account_id FROM follows them
            JOIN follows mine ON mine.account_id = $1 AND mine.target_id = them.account_id
            JOIN accounts a ON a.id = them.account_id
            WHERE them.target_id = wanted.id AND NOT a.hide_collections AND a.suspended_at IS NULL
              AND EXISTS (SELECT FROM accounts t WHERE t.id = wanted.id AND NOT t.hide_collections)
            ORDER BY them.id DESC LIMIT 10) f
        """,
        account_id,
        target_ids,
    )
    return [(row["target_id"], row["account_id"]) for row in rows]
