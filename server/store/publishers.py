"""Sites whose pages trended, and whether they may."""

from dataclasses import dataclass
from datetime import datetime

from server.errors import NotFound
from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first


@dataclass(frozen=True, slots=True)
class Publisher:
    """A row of publishers; `trendable` None: nothing was said."""

    id: int
    domain: str
    trendable: bool | None
    reviewed_at: datetime | None
    created_at: datetime


_COLUMNS = "id, domain, trendable, reviewed_at, created_at"


async def publisher_page(db: Database, page: Page) -> list[Publisher]:
    """All, the latest first."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM publishers WHERE true {bounds(page, 'id', 1)}", *arguments(page)
    )
    return [Publisher(**row) for row in newest_first(rows, page)]


async def review(db: Database, publisher_id: int, *, trendable: bool) -> Publisher:
    """Say whether its pages may trend. Raises NotFound."""
    row = await db.fetchrow(
        f"""
        UPDATE publishers SET trendable = $2, reviewed_at = now() WHERE id = $1
        RETURNING {_COLUMNS}
        """,
        publisher_id,
        trendable,
    )
    if row is None:
        raise NotFound
    return Publisher(**row)
