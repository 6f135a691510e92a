"""What is gone and must not come back."""

from server.store.database import Database


async def insert_tombstone(db: Database, uri: str, actor_uri: str) -> None:
    """Remember that an actor deleted (or undid) what has that id."""
    await db.execute(
        "INSERT INTO tombstones (uri, actor_uri) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        uri,
        actor_uri,
    )


async def is_buried(db: Database, uri: str) -> bool:
    """Whether that id was deleted."""
    return bool(await db.fetchval("SELECT EXISTS (SELECT FROM tombstones WHERE uri = $1)", uri))
