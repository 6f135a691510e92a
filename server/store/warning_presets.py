"""Texts that moderators use again and again."""

from dataclasses import dataclass

from server.errors import NotFound
from server.store.database import Database, affected


@dataclass(frozen=True, slots=True)
class Preset:
    """A row of warning_presets."""

    id: int
    title: str
    text: str


async def list_presets(db: Database) -> list[Preset]:
    """All, by title."""
    rows = await db.fetch("SELECT id, title, text FROM warning_presets ORDER BY lower(title), id")
    return [Preset(**row) for row in rows]


async def get_preset(db: Database, preset_id: int) -> Preset:
    """Raises NotFound."""
    row = await db.fetchrow("SELECT id, title, text FROM warning_presets WHERE id = $1", preset_id)
    if row is None:
        raise NotFound
    return Preset(**row)


async def insert_preset(db: Database, title: str, text: str) -> int:
    """Keep a text; gives its id."""
    return int(
        await db.fetchval(
            "INSERT INTO warning_presets (title, text) VALUES ($1, $2) RETURNING id", title, text
        )
    )


async def delete_preset(db: Database, preset_id: int) -> bool:
    """Forget a text; whether there was one."""
    tag = await db.execute("DELETE FROM warning_presets WHERE id = $1", preset_id)
    return affected(tag) > 0
