"""What `wandelgang doctor` asks the database."""

from datetime import datetime

from server.store.database import Database


async def read_clock(db: Database) -> datetime:
    """The database's time."""
    now: datetime = await db.fetchval("SELECT now()")
    return now


async def find_first_username(db: Database) -> str | None:
    """The username of our oldest account, to ask for it as others do."""
    name: str | None = await db.fetchval(
        "SELECT username FROM accounts WHERE domain IS NULL ORDER BY id LIMIT 1"
    )
    return name
