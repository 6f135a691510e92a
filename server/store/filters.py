"""What members do not want to read: filters with keywords and single statuses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.errors import NotFound
from server.store.database import Database, affected


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word or phrase of a filter."""

    id: int
    keyword: str
    whole_word: bool


@dataclass(frozen=True, slots=True)
class FilteredStatus:
    """A single status of a filter."""

    id: int
    status_id: int


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter with all that belongs to it."""

    id: int
    account_id: int
    title: str
    contexts: list[str]
    action: str
    expires_at: datetime | None
    keywords: list[Keyword]
    statuses: list[FilteredStatus]


@dataclass(frozen=True, slots=True)
class KeywordChange:
    """A keyword to be added (no id), changed, or taken away (`destroy`)."""

    id: int | None
    keyword: str | None
    whole_word: bool | None
    destroy: bool


_SELECT = """
    SELECT f.*,
        (SELECT jsonb_agg(jsonb_build_object(
            'id', k.id, 'keyword', k.keyword, 'whole_word', k.whole_word) ORDER BY k.id)
         FROM filter_keywords k WHERE k.filter_id = f.id) AS keywords,
        (SELECT jsonb_agg(jsonb_build_object('id', s.id, 'status_id', s.status_id) ORDER BY s.id)
         FROM filter_statuses s WHERE s.filter_id = f.id) AS statuses
    FROM filters f
"""


async def list_filters(db: Database, account_ids: Sequence[int]) -> list[Filter]:
    """Filters of some members, the first made first."""
    rows = await db.fetch(f"{_SELECT} WHERE account_id = ANY($1) ORDER BY id", list(account_ids))
    return [_filter(dict(row)) for row in rows]


async def get_filter(db: Database, account_id: int, filter_id: int) -> Filter:
    """One of a member's own. Raises NotFound."""
    row = await db.fetchrow(f"{_SELECT} WHERE id = $1 AND account_id = $2", filter_id, account_id)
    if row is None:
        raise NotFound
    return _filter(dict(row))


async def find_by_part(
    db: Database, account_id: int, *, keyword_id: int = 0, filtered_id: int = 0
) -> Filter:
    """The member's filter to which a keyword or a single status belongs. Raises NotFound."""
    row = await db.fetchrow(
        f"""
        {_SELECT} WHERE f.account_id = $1 AND (
            EXISTS (SELECT FROM filter_keywords k WHERE k.id = $2 AND k.filter_id = f.id)
            OR EXISTS (SELECT FROM filter_statuses s WHERE s.id = $3 AND s.filter_id = f.id))
        """,
        account_id,
        keyword_id,
        filtered_id,
    )
    if row is None:
        raise NotFound
    return _filter(dict(row))


async def count_filters(db: Database, account_id: int) -> int:
    """How many a member has."""
    return int(await db.fetchval("SELECT count(*) FROM filters WHERE account_id = $1", account_id))


async def insert_filter(
    db: Database,
    account_id: int,
    title: str,
    contexts: Sequence[str],
    action: str,
    expires_at: datetime | None,
) -> int:
    """A new filter; gives its id."""
    return int(
        await db.fetchval(
            """
            INSERT INTO filters (account_id, title, contexts, action, expires_at)
            VALUES ($1, $2, $3, $4, $5) RETURNING id
            """,
            account_id,
            title,
            list(contexts),
            action,
            expires_at,
        )
    )


async def update_filter(db: Database, changed: Filter) -> None:
    """Write title, contexts, action and end."""
    await db.execute(
        "UPDATE filters SET title = $2, contexts = $3, action = $4, expires_at = $5 WHERE id = $1",
        changed.id,
        changed.title,
        changed.contexts,
        changed.action,
        changed.expires_at,
    )


async def delete_filter(db: Database, account_id: int, filter_id: int) -> bool:
    """Delete one of a member's own; whether there was one."""
    tag = await db.execute(
        "DELETE FROM filters WHERE id = $1 AND account_id = $2", filter_id, account_id
    )
    return affected(tag) > 0


async def change_keywords(db: Database, filter_id: int, changes: Sequence[KeywordChange]) -> None:
    """Add, change and take away keywords of a filter; ids of other filters have no effect."""
    gone = [change.id for change in changes if change.destroy and change.id]
    kept = [change for change in changes if change.id and not change.destroy]
    new = [change for change in changes if not change.id and not change.destroy]
    await db.execute(
        """
        WITH gone AS (DELETE FROM filter_keywords WHERE filter_id = $1 AND id = ANY($2)),
        kept AS (
            UPDATE filter_keywords k SET keyword = coalesce(x.keyword, k.keyword),
                whole_word = coalesce(x.whole_word, k.whole_word)
            FROM unnest($3::bigint[], $4::text[], $5::boolean[]) AS x (id, keyword, whole_word)
            WHERE k.id = x.id AND k.filter_id = $1)
        INSERT INTO filter_keywords (filter_id, keyword, whole_word)
        SELECT $1, keyword, coalesce(whole_word, true)
        FROM unnest($6::text[], $7::boolean[]) AS x (keyword, whole_word)
        """,
        filter_id,
        gone,
        [change.id for change in kept],
        [change.keyword for change in kept],
        [change.whole_word for change in kept],
        [change.keyword for change in new],
        [change.whole_word for change in new],
    )


async def insert_status(db: Database, filter_id: int, status_id: int) -> None:
    """A filter hides this very status, too."""
    await db.execute(
        "INSERT INTO filter_statuses (filter_id, status_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        filter_id,
        status_id,
    )


async def delete_status(db: Database, filter_id: int, filtered_id: int) -> None:
    """A filter hides this very status no longer."""
    await db.execute(
        "DELETE FROM filter_statuses WHERE filter_id = $1 AND id = $2", filter_id, filtered_id
    )


def _filter(row: dict[str, Any]) -> Filter:
    parts: dict[str, Any] = {
        "keywords": [Keyword(**keyword) for keyword in row.pop("keywords") or ()],
        "statuses": [FilteredStatus(**status) for status in row.pop("statuses") or ()],
    }
    return Filter(**row, **parts)
