"""Posts by their words, for a member: among those that are the member's to remember, and those of
authors who let themselves be searched (FEP-5feb).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from server.store.database import Pool
from server.store.visibility import not_hidden, visible

_TIMEOUT_MILLISECONDS = 5000

# One's own, and what one was named in, boosted, favourited, bookmarked or voted in.
_LIBRARY = """
    SELECT id FROM statuses WHERE account_id = $1 AND boost_of_id IS NULL
    UNION SELECT boost_of_id FROM statuses WHERE account_id = $1 AND boost_of_id IS NOT NULL
    UNION SELECT status_id FROM status_mentions WHERE account_id = $1 AND NOT silent
    UNION SELECT status_id FROM favourites WHERE account_id = $1
    UNION SELECT status_id FROM bookmarks WHERE account_id = $1
    UNION SELECT status_id FROM poll_votes WHERE account_id = $1"""
_OPEN = """(
    s.visibility = 'public' AND author.indexable AND (author.silenced_at IS NULL OR EXISTS (
        SELECT FROM follows f WHERE f.account_id = $1 AND f.target_id = author.id)))"""
# A join and a condition for each scope.
_SCOPES = {
    "library": (f"JOIN ({_LIBRARY}) library ON library.id = w.status_id", "true"),
    "public": ("", _OPEN),
    "all": (
        f"LEFT JOIN ({_LIBRARY}) library ON library.id = w.status_id",
        f"({_OPEN} OR library.id IS NOT NULL)",
    ),
}
# For both columns that hold the id: no planner carries a bound over from one to the other.
_BOUNDS = " ".join(
    f"""
    AND ($8::timestamptz IS NULL OR {column} >= id_at($8))
    AND ($9::timestamptz IS NULL OR {column} < id_at($9))
    AND ($10::bigint IS NULL OR {column} > $10) AND ($11::bigint IS NULL OR {column} < $11)"""
    for column in ("w.status_id", "s.id")
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which posts; `words` is a tsquery as `lexemes` writes it (empty = any words), `author_ids`
    None means anybody's, ids lie between `min_id` and `max_id`, both left out.
    """

    words: str = ""
    scope: Literal["all", "library", "public"] = "all"
    author_ids: Sequence[int] | None = None
    not_author_ids: Sequence[int] = ()
    is_bot: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    min_id: int | None = None
    max_id: int | None = None


async def search_statuses(
    pool: Pool, viewer_id: int, wanted: Wanted, limit: int, offset: int
) -> list[int]:
    """Ids, newest first.

    A rare word is looked up in the index, a frequent one is met soon enough on the way down from
    the newest post: the planner must see the words to choose, and so plans each time.
    """
    library, in_scope = _SCOPES[wanted.scope]
    async with pool.acquire() as db, db.transaction():
        await db.execute(
            f"SET LOCAL plan_cache_mode = force_custom_plan;"
            f"SET LOCAL statement_timeout = {_TIMEOUT_MILLISECONDS}"
        )
        rows = await db.fetch(
            f"""
            SELECT s.id FROM status_words w JOIN statuses s ON s.id = w.status_id
            JOIN accounts author ON author.id = s.account_id
            {library}
            WHERE ($2 = '' OR w.words @@ $2::text::tsquery)
              AND {in_scope}
              AND {visible("s", "$1")} AND {not_hidden("s.account_id", "$1")}
              AND ($5::bigint[] IS NULL OR s.account_id = ANY($5))
              AND s.account_id <> ALL($6::bigint[])
              AND ($7::boolean IS NULL OR author.bot = $7)
              {_BOUNDS}
            ORDER BY s.id DESC LIMIT $3 OFFSET $4
            """,
            viewer_id,
            wanted.words,
            limit,
            offset,
            None if wanted.author_ids is None else list(wanted.author_ids),
            list(wanted.not_author_ids),
            wanted.is_bot,
            wanted.since,
            wanted.until,
            wanted.min_id,
            wanted.max_id,
        )
    return [row["id"] for row in rows]
