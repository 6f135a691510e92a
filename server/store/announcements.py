"""What the owners tell every member, and how members react."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.errors import Invalid, NotFound
from server.store.database import Connection, Database, affected
from server.store.pages import Page, arguments, bounds

_MOST_REACTIONS = 8


@dataclass(frozen=True, slots=True)
class NewAnnouncement:
    """An announcement to be written; `publish_at` None means now."""

    text: str
    content: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    all_day: bool = False
    publish_at: datetime | None = None
    mentioned_ids: Sequence[int] = ()
    status_ids: Sequence[int] = ()
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji with how many chose it; `me` is None when nobody in particular asks."""

    name: str
    count: int
    me: bool | None
    file: str | None = None
    static_file: str | None = None


@dataclass(frozen=True, slots=True)
class Mentioned:
    """An account that an announcement names."""

    id: int
    username: str
    domain: str | None
    url: str | None
    uri: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A public post of ours that an announcement links to."""

    id: int
    username: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """An announcement with all that a reader sees; `read` is None without a reader, `publish_at`
    when it was taken back.
    """

    id: int
    text: str
    content: str
    starts_at: datetime | None
    ends_at: datetime | None
    all_day: bool
    publish_at: datetime | None
    shown: bool
    updated_at: datetime
    tags: list[str]
    read: bool | None
    mentions: list[Mentioned] = field(default_factory=list)
    statuses: list[Linked] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)


async def insert_announcement(db: Database, new: NewAnnouncement) -> int:
    """Write one, not yet shown; gives its id."""
    return int(
        await db.fetchval(
            """
            INSERT INTO announcements (text, content, starts_at, ends_at, all_day, publish_at,
                                       mentioned_ids, status_ids, tags)
            VALUES ($1, $2, $3, $4, $5, coalesce($6, now()), $7, $8, $9) RETURNING id
            """,
            *_values(new),
        )
    )


def _values(new: NewAnnouncement) -> tuple[object, ...]:
    """In the order of the statements that write them."""
    return (
        new.text,
        new.content,
        new.starts_at,
        new.ends_at,
        new.all_day,
        new.publish_at,
        list(new.mentioned_ids),
        list(new.status_ids),
        list(new.tags),
    )


async def update_announcement(db: Database, announcement_id: int, new: NewAnnouncement) -> bool:
    """Write one anew; whether it is shown. One that is shown keeps its time. Raises NotFound."""
    row = await db.fetchrow(
        """
        UPDATE announcements SET text = $2, content = $3, starts_at = $4, ends_at = $5,
            all_day = $6, publish_at = CASE WHEN shown THEN publish_at ELSE $7 END,
            mentioned_ids = $8, status_ids = $9, tags = $10, updated_at = now()
        WHERE id = $1 RETURNING shown
        """,
        announcement_id,
        *_values(new),
    )
    if row is None:
        raise _missing(announcement_id)
    return bool(row["shown"])


async def follow_clock(db: Database, announcement_id: int) -> bool | None:
    """Show one that is due, or end one that is over; gives which, None when nothing changed."""
    row = await db.fetchrow(
        f"""
        UPDATE announcements a SET shown = NOT shown, updated_at = now()
        WHERE id = $1
          AND CASE WHEN shown THEN ends_at <= now() ELSE publish_at <= now() AND {_NOT_OVER} END
        RETURNING shown
        """,
        announcement_id,
    )
    return None if row is None else bool(row["shown"])


async def set_shown(db: Database, announcement_id: int, *, shown: bool) -> bool:
    """Publish one now, or take it back; whether that changed anything. None that is over is shown
    again.
    """
    tag = await db.execute(
        f"""
        UPDATE announcements a SET shown = $2, publish_at = CASE WHEN $2 THEN now() END,
            updated_at = now()
        WHERE id = $1 AND shown <> $2 AND (NOT $2 OR {_NOT_OVER})
        """,
        announcement_id,
        shown,
    )
    return affected(tag) > 0


async def delete_announcement(db: Database, announcement_id: int) -> bool:
    """Delete one; whether it was shown. Raises NotFound."""
    row = await db.fetchrow(
        "DELETE FROM announcements WHERE id = $1 RETURNING shown", announcement_id
    )
    if row is None:
        raise _missing(announcement_id)
    return bool(row["shown"])


async def get_announcement(db: Database, announcement_id: int) -> Announcement:
    """One, shown or not. Raises NotFound."""
    found = await _load(db, "a.id = $2", None, announcement_id)
    if not found:
        raise _missing(announcement_id)
    return found[0]


async def announcement_page(db: Database, page: Page) -> list[Announcement]:
    """All of them, the latest written first."""
    ids = await db.fetch(
        f"SELECT id FROM announcements WHERE true {bounds(page, 'id', 1)}", *arguments(page)
    )
    found = await _load(db, "a.id = ANY($2)", None, [row["id"] for row in ids])
    return sorted(found, key=lambda one: -one.id)


async def list_all(db: Database) -> list[Announcement]:
    """Every announcement, also those to come and those that ended."""
    return await _load(db, "true", None)


async def list_shown(db: Database, reader_id: int) -> list[Announcement]:
    """What a member can read now, the oldest first."""
    return await _load(db, f"a.shown AND {_NOT_OVER}", reader_id)


async def find_shown(
    db: Database, announcement_id: int, reader_id: int | None = None
) -> Announcement | None:
    """One that can be read now."""
    found = await _load(db, f"a.shown AND {_NOT_OVER} AND a.id = $2", reader_id, announcement_id)
    return found[0] if found else None


async def dismiss(db: Database, announcement_id: int, reader_id: int) -> None:
    """A member has read one."""
    await db.execute(
        "INSERT INTO announcement_dismissals VALUES ($1, $2) ON CONFLICT DO NOTHING",
        announcement_id,
        reader_id,
    )


async def add_reaction(db: Connection, announcement_id: int, account_id: int, name: str) -> bool:
    """React with one emoji more; whether it is new. Raises Invalid for too many different ones."""
    await db.execute("SELECT FROM announcements WHERE id = $1 FOR UPDATE", announcement_id)
    names = await db.fetch(
        "SELECT DISTINCT name FROM announcement_reactions WHERE announcement_id = $1",
        announcement_id,
    )
    known = {row["name"] for row in names}
    if name not in known and len(known) >= _MOST_REACTIONS:
        raise Invalid("Validation failed: Limit of different reactions reached")
    tag = await db.execute(
        """
        INSERT INTO announcement_reactions (announcement_id, account_id, name) VALUES ($1, $2, $3)
        ON CONFLICT ON CONSTRAINT announcement_reactions_unique DO NOTHING
        """,
        announcement_id,
        account_id,
        name,
    )
    return affected(tag) > 0


async def remove_reaction(db: Database, announcement_id: int, account_id: int, name: str) -> bool:
    """Take a reaction back; whether there was one."""
    tag = await db.execute(
        """
        DELETE FROM announcement_reactions
        WHERE announcement_id = $1 AND account_id = $2 AND name = $3
        """,
        announcement_id,
        account_id,
        name,
    )
    return affected(tag) > 0


def _missing(announcement_id: int) -> NotFound:
    return NotFound(f"There is no announcement {announcement_id}")


_NOT_OVER = "(a.ends_at IS NULL OR a.ends_at > now())"


async def _load(
    db: Database, condition: str, reader_id: int | None, *more: object
) -> list[Announcement]:
    rows = await db.fetch(
        f"""
        SELECT a.id, a.text, a.content, a.starts_at, a.ends_at, a.all_day, a.publish_at, a.shown,
            a.updated_at, a.tags,
            CASE WHEN $1::bigint IS NOT NULL THEN EXISTS (
                SELECT FROM announcement_dismissals d
                WHERE d.announcement_id = a.id AND d.account_id = $1) END AS read,
            (SELECT jsonb_agg(jsonb_build_object(
                'id', m.id, 'username', m.username, 'domain', m.domain, 'url', m.url,
                'uri', m.uri) ORDER BY m.id)
             FROM accounts m
             WHERE m.id = ANY(a.mentioned_ids) AND m.suspended_at IS NULL) AS mentions,
            (SELECT jsonb_agg(jsonb_build_object('id', s.id, 'username', w.username) ORDER BY s.id)
             FROM statuses s JOIN accounts w ON w.id = s.account_id
             WHERE s.id = ANY(a.status_ids) AND s.local AND w.suspended_at IS NULL
               AND s.visibility IN ('public', 'unlisted')) AS statuses,
            (SELECT jsonb_agg(jsonb_build_object(
                'name', r.name, 'count', r.count, 'me', r.me, 'file', e.file,
                'static_file', e.static_file) ORDER BY r.first)
             FROM (SELECT name, count(*) AS count, min(id) AS first,
                       CASE WHEN $1::bigint IS NOT NULL THEN bool_or(account_id = $1) END AS me
                   FROM announcement_reactions WHERE announcement_id = a.id GROUP BY name) r
             LEFT JOIN custom_emojis e ON e.shortcode = r.name) AS reactions
        FROM announcements a WHERE {condition} ORDER BY coalesce(a.starts_at, a.publish_at), a.id
        """,
        reader_id,
        *more,
    )
    return [_announcement(dict(row)) for row in rows]


def _announcement(row: dict[str, Any]) -> Announcement:
    parts: dict[str, Any] = {
        "mentions": [Mentioned(**one) for one in row.pop("mentions") or ()],
        "statuses": [Linked(**one) for one in row.pop("statuses") or ()],
        "reactions": [Reaction(**one) for one in row.pop("reactions") or ()],
    }
    return Announcement(**row, **parts)
