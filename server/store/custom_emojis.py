"""Pictures of our own that stand in texts as `:shortcode:`."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.store.database import Connection, Database
from server.store.reactions import change_picture


@dataclass(frozen=True, slots=True)
class CustomEmoji:
    """A row of custom_emojis; both files stand in the media storage. A disabled one stands in what
    was written before, and in nothing new.
    """

    shortcode: str
    file: str
    static_file: str
    category: str | None
    visible_in_picker: bool
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class ForeignEmoji:
    """An emoji in posts of another server, and in how many of the latest ones."""

    shortcode: str
    domain: str
    host: str  # of its authors
    url: str
    uses: int
    is_known: bool  # whether one of ours has that shortcode


_COLUMNS = "shortcode, file, static_file, category, visible_in_picker, disabled"
_LATEST = 5000  # posts of others, among which emoji are looked for


async def list_emojis(db: Database) -> list[CustomEmoji]:
    """All, by shortcode."""
    rows = await db.fetch(f"SELECT {_COLUMNS} FROM custom_emojis ORDER BY shortcode")
    return [CustomEmoji(**row) for row in rows]


async def search_emojis(
    db: Database, name: str, category: str, limit: int, offset: int
) -> list[CustomEmoji]:
    """Those with that in their shortcode and of that category ("" for any), by shortcode."""
    rows = await db.fetch(
        f"""
        SELECT {_COLUMNS} FROM custom_emojis
        WHERE position(lower($1) IN lower(shortcode)) > 0 AND ($2 = '' OR category = $2)
        ORDER BY lower(shortcode), shortcode LIMIT $3 OFFSET $4
        """,
        name,
        category,
        limit,
        offset,
    )
    return [CustomEmoji(**row) for row in rows]


async def list_categories(db: Database) -> list[str]:
    """Names of all that there are."""
    rows = await db.fetch(
        "SELECT DISTINCT category FROM custom_emojis WHERE category IS NOT NULL ORDER BY category"
    )
    return [row["category"] for row in rows]


async def search_foreign(
    db: Database, name: str, domain: str, limit: int, offset: int
) -> list[ForeignEmoji]:
    """Those in the latest public posts of others, of that domain and those below it ("" for all),
    the most used first.
    """
    rows = await db.fetch(
        """
        WITH latest AS (
            SELECT account_id, emojis FROM statuses
            WHERE NOT local AND emojis <> '[]' AND visibility IN ('public', 'unlisted')
            ORDER BY id DESC LIMIT $5),
        met AS (
            SELECT e ->> 'shortcode' AS shortcode, a.domain, e ->> 'url' AS url,
                split_part(a.uri, '/', 3) AS host
            FROM latest s JOIN accounts a ON a.id = s.account_id AND a.suspended_at IS NULL
            CROSS JOIN jsonb_array_elements(s.emojis) e
            WHERE $2 = '' OR a.domain = $2 OR right(a.domain, length($2) + 1) = '.' || $2)
        SELECT m.shortcode, m.domain, m.host, m.url, count(*) AS uses,
            EXISTS (SELECT FROM custom_emojis o WHERE o.shortcode = m.shortcode) AS is_known
        FROM met m
        WHERE position(lower($1) IN lower(m.shortcode)) > 0 AND m.url IS NOT NULL
        GROUP BY m.shortcode, m.domain, m.host, m.url
        ORDER BY uses DESC, m.shortcode, m.domain, m.url LIMIT $3 OFFSET $4
        """,
        name,
        domain,
        limit,
        offset,
        _LATEST,
    )
    return [ForeignEmoji(**row) for row in rows]


async def find_emojis(db: Database, shortcodes: Sequence[str]) -> list[CustomEmoji]:
    """Those of the shortcodes that may be used, in their order."""
    if not shortcodes:
        return []
    rows = await db.fetch(
        f"""
        SELECT {_COLUMNS} FROM custom_emojis
        JOIN unnest($1::text[]) WITH ORDINALITY AS wanted (shortcode, place) USING (shortcode)
        WHERE NOT disabled ORDER BY place
        """,
        list(dict.fromkeys(shortcodes)),
    )
    return [CustomEmoji(**row) for row in rows]


async def find_all(db: Database, shortcodes: Sequence[str]) -> list[CustomEmoji]:
    """Those of the shortcodes that there are, also disabled ones."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM custom_emojis WHERE shortcode = ANY($1)", list(shortcodes)
    )
    return [CustomEmoji(**row) for row in rows]


async def change_emojis(
    db: Database,
    shortcodes: Sequence[str],
    *,
    category: str | None = None,
    visible: bool | None = None,
    disabled: bool | None = None,
) -> list[str]:
    """Change what is given, of all of them; an empty category is none. Gives those there are."""
    rows = await db.fetch(
        """
        UPDATE custom_emojis SET disabled = coalesce($4, disabled),
            visible_in_picker = coalesce($3, visible_in_picker),
            category = CASE WHEN $2::text IS NULL THEN category ELSE nullif($2, '') END
        WHERE shortcode = ANY($1) RETURNING shortcode
        """,
        list(shortcodes),
        category,
        visible,
        disabled,
    )
    return sorted(row["shortcode"] for row in rows)


async def put_emoji(db: Connection, emoji: CustomEmoji) -> list[str]:
    """Add an emoji or give it another picture, also where it stands; gives the files now unused."""
    async with db.transaction():
        old = await db.fetchrow(
            f"SELECT {_COLUMNS} FROM custom_emojis WHERE shortcode = $1", emoji.shortcode
        )
        await db.execute(
            f"""
            INSERT INTO custom_emojis ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (shortcode) DO UPDATE SET file = $2, static_file = $3, category = $4,
                visible_in_picker = $5
            """,
            emoji.shortcode,
            emoji.file,
            emoji.static_file,
            emoji.category,
            emoji.visible_in_picker,
            emoji.disabled,
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
