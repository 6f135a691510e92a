"""What is asked of the database before anything is served, and by `wandelgang doctor`."""

from datetime import datetime
from urllib.parse import urlsplit

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


async def find_origin(db: Database) -> str | None:
    """The origin for which our oldest account was made; others know it by that for ever."""
    uri = await db.fetchval("SELECT uri FROM accounts WHERE domain IS NULL ORDER BY id LIMIT 1")
    parts = urlsplit(uri or "")
    return f"{parts.scheme}://{parts.netloc}" if uri else None
