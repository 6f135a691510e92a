"""What a member takes along: whole lists, each in one query, as rows of the tables of Mastodon."""

from typing import Any

from server.store.database import Database

# $2 is our own domain: whom one of ours is for others.
_HANDLE = "a.username || '@' || coalesce(a.domain, $2)"

_TABLES = {
    "following": f"""
        SELECT {_HANDLE}, f.show_boosts, f.notify, f.languages
        FROM follows f JOIN accounts a ON a.id = f.target_id WHERE f.account_id = $1 ORDER BY f.id
    """,
    "lists": f"""
        SELECT l.title, {_HANDLE} FROM lists l JOIN list_accounts x ON x.list_id = l.id
        JOIN accounts a ON a.id = x.account_id WHERE l.account_id = $1 ORDER BY l.id, a.id
    """,
    "blocking": f"""
        SELECT {_HANDLE} FROM blocks b JOIN accounts a ON a.id = b.target_id
        WHERE b.account_id = $1 ORDER BY b.id
    """,
    "muting": f"""
        SELECT {_HANDLE}, m.hide_notifications FROM mutes m JOIN accounts a ON a.id = m.target_id
        WHERE m.account_id = $1 AND (m.expires_at IS NULL OR m.expires_at > now()) ORDER BY m.id
    """,
    "domain_blocking": """
        SELECT domain FROM domain_blocks WHERE account_id = $1 AND $2 <> '' ORDER BY domain
    """,
    "bookmarks": """
        SELECT s.uri FROM bookmarks b JOIN statuses s ON s.id = b.status_id
        WHERE b.account_id = $1 AND $2 <> '' ORDER BY b.id
    """,
}


async def list_rows(db: Database, kind: str, account_id: int, domain: str) -> list[list[Any]]:
    """All rows of a table of that kind; handles of ours carry `domain`."""
    return [list(row) for row in await db.fetch(_TABLES[kind], account_id, domain)]


async def count_rows(db: Database, account_id: int, domain: str) -> dict[str, int]:
    """How many rows each table has."""
    counts = ", ".join(
        f"(SELECT count(*) FROM ({sql}) x) AS {kind}" for kind, sql in _TABLES.items()
    )
    return dict(await db.fetchrow(f"SELECT {counts}", account_id, domain))


async def list_filtered_uris(db: Database, account_id: int) -> dict[int, list[str]]:
    """Ids of the single posts that a member's filters hide, by filter."""
    rows = await db.fetch(
        """
        SELECT p.filter_id, array_agg(s.uri ORDER BY p.id) AS uris
        FROM filters f JOIN filter_statuses p ON p.filter_id = f.id
        JOIN statuses s ON s.id = p.status_id WHERE f.account_id = $1 GROUP BY p.filter_id
        """,
        account_id,
    )
    return {row["filter_id"]: row["uris"] for row in rows}


async def list_favourite_uris(db: Database, account_id: int) -> list[str]:
    """Ids of what a member favourited, the latest first."""
    rows = await db.fetch(
        """
        SELECT s.uri FROM favourites f JOIN statuses s ON s.id = f.status_id
        WHERE f.account_id = $1 ORDER BY f.id DESC
        """,
        account_id,
    )
    return [row["uri"] for row in rows]


async def list_status_ids(db: Database, account_id: int, after_id: int, limit: int) -> list[int]:
    """An account's next posts and boosts after one, whoever they are for."""
    rows = await db.fetch(
        "SELECT id FROM statuses WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        account_id,
        after_id,
        limit,
    )
    return [row["id"] for row in rows]


async def count_statuses(db: Database, account_id: int) -> int:
    """How many posts and boosts an account has, whoever they are for."""
    count = "SELECT count(*) FROM statuses WHERE account_id = $1"
    return int(await db.fetchval(count, account_id))


async def list_stored_media(db: Database, status_ids: list[int]) -> list[str]:
    """Names of the stored files that hang on statuses."""
    rows = await db.fetch(
        "SELECT file FROM media_attachments WHERE status_id = ANY($1) AND file IS NOT NULL",
        status_ids,
    )
    return [row["file"] for row in rows]
