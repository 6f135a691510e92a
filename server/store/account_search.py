"""Finding accounts and tags by what people type."""

from server.store.database import Database


async def search_accounts(
    db: Database, text: str, viewer_id: int | None, limit: int, offset: int, *, following: bool
) -> list[int]:
    """Ids of accounts whose handle begins with the text or whose name holds it; followed first."""
    name, _, domain = text.removeprefix("@").partition("@")
    rows = await db.fetch(
        """
        SELECT a.id FROM accounts a
        LEFT JOIN follows f ON f.account_id = $2 AND f.target_id = a.id
        LEFT JOIN account_stats s ON s.account_id = a.id
        WHERE a.suspended_at IS NULL AND a.actor_type <> 'Application'
          AND (starts_with(lower(a.username), $1)
               OR ($6 = '' AND position($1 IN lower(a.display_name)) > 0))
          AND ($6 = '' OR starts_with(coalesce(a.domain, $6), $6))
          AND (NOT $5 OR f.id IS NOT NULL)
          AND NOT EXISTS (SELECT FROM blocks b WHERE b.account_id = a.id AND b.target_id = $2)
        ORDER BY lower(a.username) = $1 DESC, f.id IS NOT NULL DESC, a.domain IS NULL DESC,
            coalesce(s.followers_count, 0) DESC, a.id
        LIMIT $3 OFFSET $4
        """,
        name.lower(),
        viewer_id,
        limit,
        offset,
        following,
        domain.lower(),
    )
    return [row["id"] for row in rows]


async def search_tags(db: Database, text: str, limit: int, offset: int) -> list[tuple[int, str]]:
    """(id, name) of tags that begin with the text."""
    rows = await db.fetch(
        """
        SELECT id, name FROM tags WHERE starts_with(name, $1)
        ORDER BY name = $1 DESC, length(name), name LIMIT $2 OFFSET $3
        """,
        text.removeprefix("#").lower(),
        limit,
        offset,
    )
    return [(row["id"], row["name"]) for row in rows]


async def list_known_domains(db: Database) -> list[str]:
    """Domains of all remote accounts that we know."""
    rows = await db.fetch(
        "SELECT DISTINCT domain FROM accounts WHERE domain IS NOT NULL ORDER BY domain"
    )
    return [row["domain"] for row in rows]


async def find_contact(db: Database) -> int | None:
    """Id of the first owner's account."""
    found: int | None = await db.fetchval(
        "SELECT account_id FROM users WHERE role = 'owner' ORDER BY created_at LIMIT 1"
    )
    return found


async def familiar_followers(
    db: Database, account_id: int, target_ids: list[int]
) -> list[tuple[int, int]]:
    """(target, follower) where the account follows the follower; ten a target."""
    rows = await db.fetch(
        """
        SELECT wanted.id AS target_id, f.account_id
        FROM unnest($2::bigint[]) AS wanted (id) CROSS JOIN LATERAL (
            SELECT them.account_id FROM follows them
            JOIN follows mine ON mine.account_id = $1 AND mine.target_id = them.account_id
            WHERE them.target_id = wanted.id ORDER BY them.id DESC LIMIT 10) f
        """,
        account_id,
        target_ids,
    )
    return [(row["target_id"], row["account_id"]) for row in rows]
