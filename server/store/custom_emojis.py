"""Pictures of our own that stand in texts as `:shortcode:`."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.store.database import Connection, Database
from server.store.reactions import change_picture


@dataclass(frozen=True, slots=True)
class CustomEmoji:
    """A row of custom_emojis; both files stand in the media storage."""

    shortcode: str
    file: str
    static_file: str
    category: str | None
    visible_in_picker: bool


_COLUMNS = "shortcode, file, static_file, category, visible_in_picker"


async def list_emojis(db: Database) -> list[CustomEmoji]:
    """All, by shortcode."""
    rows = await db.fetch(f"SELECT {_COLUMNS} FROM custom_emojis ORDER BY shortcode")
    return [CustomEmoji(**row) for row in rows]


async def find_emojis(db: Database, shortcodes: Sequence[str]) -> list[CustomEmoji]:
    """Those of the shortcodes that there are, in their order."""
    if not shortcodes:
        return []
    rows = await db.fetch(
        f"""
        SELECT {_COLUMNS} FROM custom_emojis
        JOIN unnest($1::text[]) WITH ORDINALITY AS wanted (shortcode, place) USING (shortcode)
        ORDER BY place
        """,
        list(dict.fromkeys(shortcodes)),
    )
    return [CustomEmoji(**row) for row in rows]


async def put_emoji(db: Connection, emoji: CustomEmoji) -> list[str]:
    """Add an emoji or give it another picture, also where it stands; gives the files now unused."""
    async with db.transaction():
        old = await db.fetchrow(
            f"SELECT {_COLUMNS} FROM custom_emojis WHERE shortcode = $1", emoji.shortcode
        )
        await db.execute(
            f"""
            INSERT INTO custom_emojis ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (shortcode) DO UPDATE SET file = $2, static_file = $3, category = $4,
                visible_in_picker = $5
            """,
            emoji.shortcode,
            emoji.file,
            emoji.static_file,
            emoji.category,
            emoji.visible_in_picker,
        )
        if old is None:
            return []
        shown = {"file": emoji.file, "static_file": emoji.static_file}
        await _change_texts(db, emoji.shortcode, {"shortcode": emoji.shortcode, **shown})
        await change_picture(db, emoji.shortcode, shown)
    return [old["file"], old["static_file"]]


async def delete_emoji(db: Connection, shortcode: str) -> list[str]:
    """Take an emoji away, also where it stands; gives its files, none when there was none."""
    async with db.transaction():
        old = await db.fetchrow(
            f"DELETE FROM custom_emojis WHERE shortcode = $1 RETURNING {_COLUMNS}", shortcode
        )
        if old is None:
            return []
        await db.execute("DELETE FROM announcement_reactions WHERE name = $1", shortcode)
        await _change_texts(db, shortcode, None)
        await change_picture(db, shortcode, None)
    return [old["file"], old["static_file"]]


async def _change_texts(db: Database, shortcode: str, emoji: dict[str, str] | None) -> None:
    """Walks through all that is ours: pictures change rarely, and pages are read all the time."""
    for table, ours in (("statuses", "local"), ("accounts", "domain IS NULL")):
        await db.execute(
            f"""
            UPDATE {table} SET revision = revision + 1, emojis = (
                SELECT coalesce(jsonb_agg(CASE WHEN e ->> 'shortcode' = $1 THEN $2 ELSE e END)
                    FILTER (WHERE $2::jsonb IS NOT NULL OR e ->> 'shortcode' <> $1), '[]')
                FROM jsonb_array_elements(emojis) e)
            WHERE {ours} AND emojis @> jsonb_build_array(jsonb_build_object('shortcode', $1::text))
            """,
            shortcode,
            emoji,
        )
