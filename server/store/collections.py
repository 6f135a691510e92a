"""Accounts that members show to others under a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.errors import NotFound
from server.store.database import Database, affected
from server.store.visibility import not_blocked

MOST_ITEMS = 25
MOST_COLLECTIONS = 10


@dataclass(frozen=True, slots=True)
class Item:
    """An account in a collection; `uri` in one of somebody elsewhere, `stamp_uri` of somebody
    elsewhere. What is `pending` is for the owner alone to see.
    """

    id: int
    account_id: int
    created_at: datetime
    state: str  # pending, accepted
    uri: str | None
    stamp_uri: str | None


@dataclass(frozen=True, slots=True)
class Collection:
    """A row of collections with its items, those of suspended people left out; `uri` and `url` are
    None for ours.
    """

    id: int
    account_id: int
    name: str
    description: str
    language: str | None
    sensitive: bool
    discoverable: bool
    tag: str | None
    created_at: datetime
    updated_at: datetime
    uri: str | None
    url: str | None
    items: list[Item]


_SELECT = """
    SELECT c.*, (
        SELECT array_agg((i.id, i.account_id, i.created_at, i.state, i.uri, i.stamp_uri)
                         ORDER BY i.position, i.id)
        FROM collection_items i JOIN accounts a ON a.id = i.account_id
        WHERE i.collection_id = c.id AND i.state <> 'revoked' AND a.suspended_at IS NULL) AS items
    FROM collections c JOIN accounts owner ON owner.id = c.account_id
"""


async def insert_collection(db: Database, account_id: int, name: str) -> int:
    """A new collection; gives its id."""
    return int(
        await db.fetchval(
            "INSERT INTO collections (account_id, name) VALUES ($1, $2) RETURNING id",
            account_id,
            name,
        )
    )


# Posts that show the collection $1 are rendered anew.
RENEW = """
    renewed AS (
        UPDATE statuses SET revision = revision + 1
        WHERE id IN (SELECT status_id FROM status_collections WHERE collection_id = $1))
"""


async def update_collection(db: Database, changed: Collection) -> None:
    """Write all but the items."""
    await db.execute(
        f"""
        WITH {RENEW}
        UPDATE collections SET name = $2, description = $3, language = $4, sensitive = $5,
            discoverable = $6, tag = $7, updated_at = now()
        WHERE id = $1
        """,
        changed.id,
        changed.name,
        changed.description,
        changed.language,
        changed.sensitive,
        changed.discoverable,
        changed.tag,
    )


async def delete_collection(db: Database, collection_id: int) -> None:
    """Delete a collection with its items."""
    await db.execute(f"WITH {RENEW} DELETE FROM collections WHERE id = $1", collection_id)


async def get_collection(db: Database, collection_id: int, viewer_id: int | None) -> Collection:
    """One that the viewer may see. Raises NotFound."""
    row = await db.fetchrow(
        f"""
        {_SELECT} WHERE c.id = $1 AND owner.suspended_at IS NULL
          AND {not_blocked("c.account_id", "$2::bigint")}
        """,
        collection_id,
        viewer_id,
    )
    if row is None:
        raise NotFound
    return _collection(dict(row), viewer_id)


async def find_collections(db: Database, ids: Sequence[int]) -> dict[int, Collection]:
    """Collections by id, whoever may see them."""
    rows = await db.fetch(f"{_SELECT} WHERE c.id = ANY($1)", list(ids))
    return {row["id"]: _collection(dict(row)) for row in rows}


async def list_of_account(
    db: Database, account_id: int, viewer_id: int | None, limit: int, offset: int
) -> list[Collection]:
    """Collections of an account, the latest made first: to others those that may be found."""
    rows = await db.fetch(
        f"""
        {_SELECT} WHERE c.account_id = $1 AND owner.suspended_at IS NULL
          AND (c.discoverable OR c.account_id = $2) AND {not_blocked("c.account_id", "$2::bigint")}
        ORDER BY c.id DESC LIMIT $3 OFFSET $4
        """,
        account_id,
        viewer_id,
        limit,
        offset,
    )
    return [_collection(dict(row), viewer_id) for row in rows]


async def list_with_account(
    db: Database, account_id: int, limit: int, offset: int
) -> list[Collection]:
    """Collections in which an account stands, the latest made first."""
    rows = await db.fetch(
        f"""
        {_SELECT} WHERE owner.suspended_at IS NULL AND EXISTS (
            SELECT FROM collection_items i
            WHERE i.collection_id = c.id AND i.account_id = $1 AND i.state = 'accepted')
        ORDER BY c.id DESC LIMIT $2 OFFSET $3
        """,
        account_id,
        limit,
        offset,
    )
    return [_collection(dict(row)) for row in rows]


async def count_collections(db: Database, account_id: int) -> int:
    """How many a member has."""
    count = "SELECT count(*) FROM collections WHERE account_id = $1"
    return int(await db.fetchval(count, account_id))


async def insert_items(db: Database, collection_id: int, account_ids: Sequence[int]) -> None:
    """Put accounts in; those that stand there already stay. People elsewhere are asked first."""
    await db.execute(
        f"""
        WITH touched AS (UPDATE collections SET updated_at = now() WHERE id = $1), {RENEW}
        INSERT INTO collection_items (collection_id, account_id, state)
        SELECT $1, a.id, CASE WHEN a.domain IS NULL THEN 'accepted' ELSE 'pending' END
        FROM unnest($2::bigint[]) WITH ORDINALITY AS x (id, place) JOIN accounts a USING (id)
        ORDER BY x.place
        ON CONFLICT DO NOTHING
        """,
        collection_id,
        list(account_ids),
    )


async def delete_item(db: Database, collection_id: int, item_id: int) -> bool:
    """Take an account out; whether it stood there."""
    tag = await db.execute(
        f"WITH {RENEW} DELETE FROM collection_items WHERE collection_id = $1 AND id = $2",
        collection_id,
        item_id,
    )
    return affected(tag) > 0


async def put_links(db: Database, status_id: int, collection_ids: Sequence[int]) -> bool:
    """A post links to these collections, as far as there are such, and to no others; gives whether
    that is new.
    """
    tag = await db.execute(
        """
        WITH gone AS (
            DELETE FROM status_collections
            WHERE status_id = $1 AND collection_id <> ALL($2::bigint[]) RETURNING 1),
        put AS (
            INSERT INTO status_collections (status_id, collection_id, position)
            SELECT s.id, c.id, x.place FROM unnest($2::bigint[]) WITH ORDINALITY AS x (id, place)
            JOIN collections c ON c.id = x.id JOIN statuses s ON s.id = $1
            ON CONFLICT (status_id, collection_id) DO UPDATE SET position = excluded.position
                WHERE status_collections.position <> excluded.position
            RETURNING 1)
        UPDATE statuses SET revision = revision + 1
        WHERE id = $1 AND (EXISTS (SELECT FROM gone) OR EXISTS (SELECT FROM put))
        """,
        status_id,
        list(collection_ids),
    )
    return affected(tag) > 0


async def find_linked(db: Database, ids: Sequence[int]) -> dict[int, Collection]:
    """As find_collections, without those of suspended people."""
    if not ids:
        return {}
    rows = await db.fetch(
        f"{_SELECT} WHERE c.id = ANY($1) AND owner.suspended_at IS NULL", list(ids)
    )
    return {row["id"]: _collection(dict(row)) for row in rows}


async def list_unwilling(db: Database, account_id: int, target_ids: Sequence[int]) -> list[int]:
    """Those of the targets that the account may not put into a collection.

    Ours are willing if they want to be found (who approves followers, by these), others as they say
    themselves; they are asked all the same.
    """
    rows = await db.fetch(
        """
        SELECT t.id FROM unnest($2::bigint[]) AS t (id)
        WHERE t.id <> $1 AND NOT EXISTS (
            SELECT FROM accounts a WHERE a.id = t.id AND a.suspended_at IS NULL
              AND CASE WHEN a.domain IS NULL THEN a.discoverable AND (NOT a.locked OR EXISTS (
                      SELECT FROM follows f WHERE f.account_id = $1 AND f.target_id = a.id))
                  ELSE in_circles(coalesce(a.feature_automatic || a.feature_manual, '{}'), a.id, $1)
                  END
              AND NOT EXISTS (
                  SELECT FROM blocks b WHERE (b.account_id, b.target_id)
                      IN ((a.id, $1), ($1, a.id))))
        """,
        account_id,
        list(target_ids),
    )
    return [row["id"] for row in rows]


async def feature_approvals(
    db: Database, account_id: int, target_ids: Sequence[int]
) -> dict[int, str]:
    """Whether the account may put each of the targets into a collection as far as they say it by
    who follows whom: automatic, manual (is asked, too), denied.
    """
    rows = await db.fetch(
        """
        SELECT a.id, CASE
            WHEN in_circles(coalesce(a.feature_automatic, '{followers}'), a.id, $1)
                THEN 'automatic'
            WHEN in_circles(coalesce(a.feature_manual, '{}'), a.id, $1) THEN 'manual'
            WHEN 'unsupported_policy' = ANY(a.feature_automatic || a.feature_manual) THEN 'unknown'
            ELSE 'denied' END AS approval
        FROM accounts a WHERE a.id = ANY($2)
        """,
        account_id,
        list(target_ids),
    )
    return {row["id"]: row["approval"] for row in rows}


def _collection(row: dict[str, Any], viewer_id: int | None = None) -> Collection:
    items = [Item(*item) for item in row.pop("items") or ()]
    if row["account_id"] != viewer_id:
        items = [item for item in items if item.state == "accepted"]
    return Collection(**row, items=items)
