"""What is gone and must not come back.

A tombstone holds for what the actor says that made it. Each call here locks the id until the end
of the transaction, so that what makes a thing and what deletes it follow one another.
"""

from datetime import UTC, datetime, timedelta

from server.store.database import Database

# As long as the tombstones of others are kept (server/store/maintenance.py).
KEPT = timedelta(days=30)
# For what some servers do again under one id (follow): an Undo that came first is forgotten soon.
RECENTLY = timedelta(hours=6)


async def insert_tombstone(db: Database, uri: str, actor_uri: str) -> None:
    """Remember that an actor deleted (or undid) what has that id."""
    await db.execute("SELECT bury($1, $2)", uri, actor_uri)


async def delete_tombstone(db: Database, uri: str, actor_uri: str) -> None:
    """Forget it: what has that id may come (again)."""
    await db.execute("DELETE FROM tombstones WHERE uri = $1 AND actor_uri = $2", uri, actor_uri)


async def is_buried(db: Database, uri: str, actor_uri: str, within: timedelta = KEPT) -> bool:
    """Whether that actor deleted what has that id, not longer ago than that."""
    since = datetime.now(UTC) - within
    return bool(await db.fetchval("SELECT is_buried($1, $2, $3)", uri, actor_uri, since))


async def was_here(db: Database, uri: str) -> bool:
    """Whether one of ours had that id; such tombstones are kept for ever."""
    return bool(await db.fetchval("SELECT EXISTS (SELECT FROM tombstones WHERE uri = $1)", uri))
