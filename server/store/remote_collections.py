"""Collections of others, and what others agree to or take back of ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server.store.collections import RENEW, Collection, Item, find_collections
from server.store.database import Database, affected


@dataclass(frozen=True, slots=True)
class RemoteCollection:
    """What somebody elsewhere says of a collection of theirs, cleaned."""

    uri: str
    url: str
    name: str
    description: str
    language: str | None
    sensitive: bool
    discoverable: bool
    tag: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """One that we have, with what those in it are told of when it changes."""

    id: int
    account_id: int
    name: str
    description: str
    sensitive: bool
    tag: str | None

    def is_changed_by(self, told: RemoteCollection) -> bool:
        """Whether they are told of what its owner says now."""
        mine = (self.name, self.description, self.sensitive, self.tag)
        return mine != (told.name, told.description, told.sensitive, told.tag)


@dataclass(frozen=True, slots=True)
class Place:
    """An item with the collection in which it stands."""

    item: Item
    collection_id: int
    owner_id: int
    is_ours: bool


_PLACE = """
    SELECT (i.id, i.account_id, i.created_at, i.state, i.uri, i.stamp_uri) AS item,
        c.id AS collection_id, c.account_id AS owner_id, c.uri IS NULL AS is_ours
    FROM collection_items i JOIN collections c ON c.id = i.collection_id
"""


async def find_by_uri(db: Database, uri: str) -> Known | None:
    """The collection of somebody elsewhere with that id."""
    row = await db.fetchrow(
        """
        SELECT id, account_id, name, description, sensitive, tag FROM collections WHERE uri = $1
        """,
        uri,
    )
    return None if row is None else Known(**row)


async def find_by_uri_or_url(db: Database, address: str) -> Collection | None:
    """The collection of somebody elsewhere with that id, or that page on the host of its id."""
    found = await list_linked(db, [address])
    return (await find_collections(db, found[:1])).get(found[0]) if found else None


async def list_linked(db: Database, addresses: Sequence[str]) -> list[int]:
    """Ids of the collections of others with these ids, or these pages on the hosts of theirs."""
    rows = await db.fetch(
        """
        SELECT id FROM collections WHERE uri = ANY($1)
            OR (url = ANY($1) AND split_part(url, '/', 3) = split_part(uri, '/', 3))
        ORDER BY id
        """,
        list(addresses),
    )
    return [row["id"] for row in rows]


async def list_others(db: Database, account_id: int, uris: Sequence[str]) -> list[str]:
    """Ids of an account's collections beside these that its list would name."""
    rows = await db.fetch(
        """
        SELECT uri FROM collections WHERE account_id = $1 AND discoverable AND uri <> ALL($2)
        ORDER BY id
        """,
        account_id,
        list(uris),
    )
    return [row["uri"] for row in rows]


async def count_of_account(db: Database, account_id: int) -> int:
    """How many of an account we have."""
    query = "SELECT count(*) FROM collections WHERE account_id = $1"
    return int(await db.fetchval(query, account_id))


async def upsert(db: Database, account_id: int, told: RemoteCollection) -> int | None:
    """Write what is not older than what we have, and gives its id; None when it is, or is somebody
    else's.
    """
    found: int | None = await db.fetchval(
        """
        INSERT INTO collections (account_id, uri, url, name, description, language, sensitive,
                                 discoverable, tag, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (uri) DO UPDATE SET url = $3, name = $4, description = $5, language = $6,
            sensitive = $7, discoverable = $8, tag = $9, updated_at = $11
        WHERE collections.account_id = $1 AND collections.updated_at <= $11
        RETURNING id
        """,
        account_id,
        told.uri,
        told.url,
        told.name,
        told.description,
        told.language,
        told.sensitive,
        told.discoverable,
        told.tag,
        told.created_at,
        told.updated_at,
    )
    if found:
        await renew(db, found)
    return found


async def renew(db: Database, collection_id: int) -> None:
    """Have posts rendered anew that show a collection."""
    await db.execute(f"WITH {RENEW} SELECT", collection_id)


async def keep_items(db: Database, collection_id: int, uris: Sequence[str]) -> None:
    """Delete the items that stand there no more; members who left are remembered."""
    await db.execute(
        """
        DELETE FROM collection_items
        WHERE collection_id = $1 AND state <> 'revoked' AND uri <> ALL($2::text[])
        """,
        collection_id,
        list(uris),
    )


async def put_item(
    db: Database,
    collection_id: int,
    account_id: int,
    uri: str,
    stamp_uri: str | None,
    position: int,
    created_at: datetime | None,
) -> None:
    """Somebody stands in a collection of somebody elsewhere, and agrees."""
    await db.execute(
        f"""
        WITH {RENEW}
        INSERT INTO collection_items (collection_id, account_id, uri, stamp_uri, position,
                                      created_at)
        VALUES ($1, $2, $3, $4, $5, coalesce($6, now()))
        ON CONFLICT ON CONSTRAINT collection_items_unique DO UPDATE SET uri = $3, stamp_uri = $4,
            position = $5
        WHERE collection_items.state = 'accepted'
        """,
        collection_id,
        account_id,
        uri,
        stamp_uri,
        position,
        created_at,
    )


async def agree(db: Database, collection_id: int, account_id: int) -> tuple[int, bool] | None:
    """A member of ours stands in a collection of somebody elsewhere: (the item's id, whether that
    is new); None for one who has left it.
    """
    row = await db.fetchrow(
        """
        INSERT INTO collection_items (collection_id, account_id) VALUES ($1, $2)
        ON CONFLICT ON CONSTRAINT collection_items_unique
            DO UPDATE SET state = collection_items.state
            WHERE collection_items.state = 'accepted'
        RETURNING id, xmax = 0 AS is_new
        """,
        collection_id,
        account_id,
    )
    return None if row is None else (row["id"], row["is_new"])


async def place_item(
    db: Database, collection_id: int, account_id: int, uri: str, position: int
) -> None:
    """Where somebody stands who agreed to it; nothing for one who did not."""
    await db.execute(
        """
        UPDATE collection_items SET uri = $3, position = $4
        WHERE collection_id = $1 AND account_id = $2 AND state = 'accepted'
          AND (uri, position) IS DISTINCT FROM ($3, $4)
        """,
        collection_id,
        account_id,
        uri,
        position,
    )


async def list_items(db: Database, collection_id: int) -> dict[str, Item]:
    """Accepted items of somebody elsewhere's by their ids."""
    rows = await db.fetch(
        f"{_PLACE} WHERE i.collection_id = $1 AND i.uri IS NOT NULL AND i.state = 'accepted'",
        collection_id,
    )
    items = [Item(*row["item"]) for row in rows]
    return {item.uri: item for item in items if item.uri}


async def list_members(db: Database, collection_id: int) -> list[int]:
    """Members of ours who stand in it."""
    rows = await db.fetch(
        """
        SELECT i.account_id FROM collection_items i JOIN users u ON u.account_id = i.account_id
        WHERE i.collection_id = $1 AND i.state = 'accepted'
        """,
        collection_id,
    )
    return [row["account_id"] for row in rows]


async def delete_item(db: Database, collection_id: int, uri: str) -> None:
    """Somebody stands in a collection of somebody elsewhere no more; members who left are
    remembered.
    """
    await db.execute(
        f"""
        WITH {RENEW}
        DELETE FROM collection_items WHERE collection_id = $1 AND uri = $2 AND state <> 'revoked'
        """,
        collection_id,
        uri,
    )


async def revoke_item(db: Database, collection_id: int, item_id: int) -> None:
    """A member leaves a collection of somebody elsewhere, for good."""
    await db.execute(
        f"""
        WITH {RENEW}
        UPDATE collection_items SET state = 'revoked' WHERE collection_id = $1 AND id = $2
        """,
        collection_id,
        item_id,
    )


async def find_place(db: Database, item_id: int) -> Place | None:
    """An item of any collection."""
    row = await db.fetchrow(f"{_PLACE} WHERE i.id = $1", item_id)
    return None if row is None else _place(dict(row))


async def list_by_stamp(db: Database, stamp_uri: str, account_id: int) -> list[Place]:
    """Where that account stands by that stamp of theirs."""
    rows = await db.fetch(
        f"{_PLACE} WHERE i.stamp_uri = $1 AND i.account_id = $2", stamp_uri, account_id
    )
    return [_place(dict(row)) for row in rows]


async def list_between(db: Database, account_id: int, other_id: int) -> list[Place]:
    """Where two accounts stand in collections of one another."""
    rows = await db.fetch(
        f"""
        {_PLACE}
        WHERE (c.account_id, i.account_id) IN (($1, $2), ($2, $1)) AND i.state = 'accepted'
        """,
        account_id,
        other_id,
    )
    return [_place(dict(row)) for row in rows]


async def accept_item(db: Database, item_id: int, stamp_uri: str) -> bool:
    """Somebody elsewhere agrees to stand in a collection of ours; whether that is new."""
    tag = await db.execute(
        """
        WITH item AS (
            UPDATE collection_items SET state = 'accepted', stamp_uri = $2
            WHERE id = $1 AND state = 'pending' RETURNING collection_id)
        UPDATE collections c SET updated_at = now() FROM item WHERE c.id = item.collection_id
        """,
        item_id,
        stamp_uri,
    )
    return affected(tag) > 0


async def list_apart(db: Database, collection_id: int) -> list[int]:
    """People elsewhere in a collection of ours whose server hears nothing as a follower's."""
    rows = await db.fetch(
        """
        SELECT a.id FROM collections c JOIN collection_items i ON i.collection_id = c.id
        JOIN accounts a ON a.id = i.account_id
        WHERE c.id = $1 AND a.domain IS NOT NULL AND NOT EXISTS (
            SELECT FROM accounts f JOIN follows ON follows.account_id = f.id
            WHERE follows.target_id = c.account_id AND f.domain IS NOT NULL
              AND coalesce(f.shared_inbox_url, f.inbox_url)
                = coalesce(a.shared_inbox_url, a.inbox_url))
        """,
        collection_id,
    )
    return [row["id"] for row in rows]


def _place(row: dict[str, object]) -> Place:
    return Place(**{**row, "item": Item(*row["item"])})  # type: ignore[arg-type, misc]
