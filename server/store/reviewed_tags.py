"""Hashtags as moderators see them: what they may be used for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server.errors import NotFound
from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first


@dataclass(frozen=True, slots=True)
class ReviewedTag:
    """A row of tags; `trendable` None: nothing was said."""

    id: int
    name: str
    display_name: str
    usable: bool
    listable: bool
    trendable: bool | None
    reviewed_at: datetime | None


_COLUMNS = "id, name, display_name, usable, listable, trendable, reviewed_at"


async def tag_page(db: Database, page: Page) -> list[ReviewedTag]:
    """All tags, the latest first."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM tags WHERE true {bounds(page, 'id', 1)}", *arguments(page)
    )
    return [ReviewedTag(**row) for row in newest_first(rows, page)]


async def list_tags(db: Database, ids: Sequence[int]) -> dict[int, ReviewedTag]:
    """Tags by id."""
    rows = await db.fetch(f"SELECT {_COLUMNS} FROM tags WHERE id = ANY($1)", list(ids))
    return {row["id"]: ReviewedTag(**row) for row in rows}


async def get_tag(db: Database, tag_id: int) -> ReviewedTag:
    """Raises NotFound."""
    found = await list_tags(db, [tag_id])
    if tag_id not in found:
        raise NotFound
    return found[tag_id]


async def list_unusable(db: Database, names: Sequence[str]) -> list[str]:
    """Those of these tags that no post of ours may have; no query for none."""
    if not names:
        return []
    rows = await db.fetch(
        "SELECT name FROM tags WHERE name = ANY($1) AND NOT usable ORDER BY name", list(names)
    )
    return [row["name"] for row in rows]


async def review(db: Database, tag: ReviewedTag) -> None:
    """Keep what was said of a tag: it has been looked at now."""
    await db.execute(
        """
        UPDATE tags SET display_name = $2, usable = $3, listable = $4, trendable = $5,
            reviewed_at = now()
        WHERE id = $1
        """,
        tag.id,
        tag.display_name,
        tag.usable,
        tag.listable,
        tag.trendable,
    )
