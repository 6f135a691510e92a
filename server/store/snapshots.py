"""Which transactions the database shows, as a name: as long as it stays, nothing has changed.

https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
"""

from server.store.database import Database


async def name_snapshot(db: Database) -> str:
    """The name of what everybody sees now. Each transaction that writes ends in a new one, and none
    ever comes back: transactions are numbered for good.
    """
    name: str = await db.fetchval("SELECT pg_current_snapshot()::text")
    return name
