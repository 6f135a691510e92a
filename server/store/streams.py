"""Which of the open streams a status is for: questions about those that are connected alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.store.database import Database
from server.store.visibility import in_chosen_language, not_hidden


@dataclass(frozen=True, slots=True)
class Audience:
    """Ids of the connected accounts and lists in whose feeds a status stands."""

    homes: frozenset[int]
    lists: frozenset[int]


async def audience_of(
    db: Database, status_id: int, account_ids: Sequence[int], list_ids: Sequence[int]
) -> Audience:
    """One query for all connections."""
    row = await db.fetchrow(
        """
        SELECT
            (SELECT array_agg(account_id) FROM home_entries
             WHERE status_id = $1 AND account_id = ANY($2)) AS homes,
            (SELECT array_agg(list_id) FROM list_entries
             WHERE status_id = $1 AND list_id = ANY($3)) AS lists
        """,
        status_id,
        list(account_ids),
        list(list_ids),
    )
    return Audience(*(frozenset(row[name] or ()) for name in ("homes", "lists")))


async def followers_among(
    db: Database, author_id: int, tags: Sequence[str], account_ids: Sequence[int]
) -> frozenset[int]:
    """Those of the accounts that follow the author or one of the hashtags, and the author."""
    rows = await db.fetch(
        """
        SELECT account_id FROM follows WHERE target_id = $1 AND account_id = ANY($3)
        UNION SELECT f.account_id FROM tag_follows f JOIN tags t ON t.id = f.tag_id
            WHERE t.name = ANY($2) AND f.account_id = ANY($3)
        UNION SELECT $1::bigint
        """,
        author_id,
        list(tags),
        list(account_ids),
    )
    return frozenset(row["account_id"] for row in rows)


async def readers_among(
    db: Database, author_id: int, language: str | None, account_ids: Sequence[int]
) -> dict[int, bool]:
    """Those of the accounts that neither block nor mute the author, nor are blocked by them; and
    whether they have chosen the language, for public timelines.
    """
    rows = await db.fetch(
        f"""
        SELECT v.id, {in_chosen_language("$3::text", "v.id")} AS is_chosen
        FROM unnest($2::bigint[]) AS v (id)
        WHERE {not_hidden("$1", "v.id")} AND NOT EXISTS (
            SELECT FROM blocks b WHERE b.account_id = $1 AND b.target_id = v.id)
        """,
        author_id,
        list(account_ids),
        language,
    )
    return {row["id"]: row["is_chosen"] for row in rows}
