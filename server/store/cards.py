"""Cards: what stands behind the links of posts. One row a link, however many posts have it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from server.store.account_views import AccountView
from server.store.database import Database

_MOST_TOLD = 500
_FIELDS = (
    "id", "url", "page_url", "type", "title", "description", "author_name", "author_url",
    "provider_name", "provider_url", "embed_url", "frame_url", "width", "height", "image_file",
    "blurhash", "image_description", "published_at", "language",
)  # fmt: skip

# Whom a page names is shown as its author only while that account names the page's host as well.
CREATOR = """(SELECT a.id FROM accounts a
    WHERE a.id = c.creator_id AND a.suspended_at IS NULL AND EXISTS (
        SELECT FROM unnest(a.attribution_domains) d
        WHERE c.site = d OR right(c.site, length(d) + 1) = '.' || d)) AS creator_id,
    c.creator_id AS named_id"""
COLUMNS = ", ".join(f"c.{name}" for name in _FIELDS)


@dataclass(frozen=True, slots=True)
class Card:
    """A card as it is shown; `url` is the link as it was written, sizes are in pixels."""

    id: int
    url: str
    page_url: str
    type: str
    title: str
    description: str
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    embed_url: str
    frame_url: str
    width: int
    height: int
    image_file: str | None
    blurhash: str | None
    image_description: str
    published_at: datetime | None
    language: str | None
    creator_id: int | None  # None too when that account does not name the page's host
    named_id: int | None  # whom the page names
    creator: AccountView | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A card for who is about to ask for its page."""

    id: int
    url: str
    is_usable: bool
    tried_at: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a page gave."""

    page_url: str
    site: str
    type: str
    title: str
    description: str
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    embed_url: str = ""
    frame_url: str = ""
    width: int = 0
    height: int = 0
    image_file: str | None = None
    blurhash: str | None = None
    image_description: str = ""
    published_at: datetime | None = None
    language: str | None = None
    creator_id: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What of a post decides about its card."""

    content: str
    shows_other: bool  # media or a quote, which leave no place for a card
    mentioned: list[str] = field(default_factory=list)  # addresses of the people that it names


async def find_source(db: Database, status_id: int) -> Source | None:
    """What is needed to find a post's link; None for a boost or a post that is gone."""
    row = await db.fetchrow(
        """
        SELECT s.content,
            EXISTS (SELECT FROM media_attachments m WHERE m.status_id = s.id)
                OR EXISTS (SELECT FROM quotes q WHERE q.status_id = s.id) AS shows_other,
            ARRAY(SELECT unnest(ARRAY[a.uri, a.url]) FROM status_mentions m
                  JOIN accounts a ON a.id = m.account_id WHERE m.status_id = s.id) AS mentioned
        FROM statuses s WHERE s.id = $1 AND s.boost_of_id IS NULL
        """,
        status_id,
    )
    return None if row is None else Source(**row)


async def attach(db: Database, status_id: int, address: str, url: str) -> int | None:
    """Let a post show the card of that address; gives its id, None when the post shows it already.

    `address` is the link as cards are kept by it, `url` the link as it was written.
    """
    card_id: int | None = await db.fetchval(
        """
        WITH kept AS (
            INSERT INTO cards (url) VALUES ($2)
            ON CONFLICT ON CONSTRAINT cards_url_unique DO UPDATE SET attached_at = now()
            RETURNING id),
        changed AS (
            UPDATE statuses SET revision = revision + 1
            WHERE id = $1 AND EXISTS (SELECT FROM status_cards WHERE status_id = $1))
        INSERT INTO status_cards (status_id, card_id, url) SELECT s.id, kept.id, $3
        FROM kept, statuses s WHERE s.id = $1
        ON CONFLICT (status_id) DO UPDATE
        SET card_id = excluded.card_id, url = excluded.url, told = false
        WHERE status_cards.card_id <> excluded.card_id OR status_cards.url <> excluded.url
        RETURNING card_id
        """,
        status_id,
        address,
        url,
    )
    return card_id


async def detach(db: Database, status_id: int) -> bool:
    """Let a post show no card any more; whether it showed one."""
    gone = await db.fetchval(
        """
        WITH gone AS (DELETE FROM status_cards WHERE status_id = $1 RETURNING told)
        UPDATE statuses SET revision = revision + 1 FROM gone WHERE id = $1 RETURNING gone.told
        """,
        status_id,
    )
    return bool(gone)


async def find_attempt(db: Database, card_id: int) -> Attempt | None:
    """The card, if there is one."""
    row = await db.fetchrow("SELECT id, url, is_usable, tried_at FROM cards WHERE id = $1", card_id)
    return None if row is None else Attempt(**row)


async def save_failure(db: Database, card_id: int) -> None:
    """Remember that a page gave nothing now; what it gave before is kept."""
    await db.execute("UPDATE cards SET tried_at = now() WHERE id = $1", card_id)


async def save_found(db: Database, card_id: int, found: Found) -> str | None:
    """Keep what a page gave; gives the picture that is not used any more."""
    unused: str | None = await db.fetchval(
        """
        WITH before AS (SELECT id, image_file FROM cards WHERE id = $1 FOR UPDATE)
        UPDATE cards c SET page_url = $2, site = $3, type = $4, title = $5, description = $6,
            author_name = $7, author_url = $8, provider_name = $9, provider_url = $10,
            embed_url = $11, frame_url = $12, width = $13, height = $14, image_file = $15,
            blurhash = $16, published_at = $17, creator_id = $18, image_description = $19,
            language = $20, is_usable = true, tried_at = now()
        FROM before WHERE c.id = before.id RETURNING before.image_file
        """,
        card_id, found.page_url, found.site, found.type, found.title, found.description,
        found.author_name, found.author_url, found.provider_name, found.provider_url,
        found.embed_url, found.frame_url, found.width, found.height, found.image_file,
        found.blurhash, found.published_at, found.creator_id,
        found.image_description, found.language,
    )  # fmt: skip
    return unused


async def take_untold(db: Database, card_id: int) -> list[int]:
    """Ids of posts whose readers do not know of the card yet; they count as told from now on."""
    rows = await db.fetch(
        """
        WITH told AS (
            UPDATE status_cards SET told = true WHERE status_id IN (
                SELECT sc.status_id FROM status_cards sc JOIN cards c ON c.id = sc.card_id
                WHERE sc.card_id = $1 AND c.is_usable AND NOT sc.told
                ORDER BY sc.status_id DESC LIMIT $2 FOR UPDATE OF sc)
            RETURNING status_id)
        UPDATE statuses s SET revision = revision + 1 FROM told
        WHERE s.id = told.status_id RETURNING s.id
        """,
        card_id,
        _MOST_TOLD,
    )
    return sorted(row["id"] for row in rows)


async def load_cards(db: Database, status_ids: Collection[int]) -> dict[int, Card]:
    """The cards of posts, by the posts' ids; `url` is the link as each post has it."""
    if not status_ids:
        return {}
    rows = await db.fetch(
        f"""
        SELECT sc.status_id, sc.url AS written, {COLUMNS}, {CREATOR}
        FROM status_cards sc JOIN cards c ON c.id = sc.card_id
        WHERE sc.status_id = ANY($1) AND c.is_usable
        """,
        list(status_ids),
    )
    found = {}
    for row in rows:
        values = dict(row)
        status_id, written = values.pop("status_id"), values.pop("written")
        found[status_id] = Card(**{**values, "url": written})
    return found


async def delete_cards(db: Database, ids: Sequence[int]) -> Sequence[str]:
    """Delete cards; gives the files to delete."""
    rows = await db.fetch("DELETE FROM cards WHERE id = ANY($1) RETURNING image_file", list(ids))
    return [row["image_file"] for row in rows if row["image_file"]]


_OLD_PICTURE = "image_file IS NOT NULL AND tried_at < now() - make_interval(days => $1)"


async def count_pictures(db: Database, days: int) -> int:
    """How many pictures of cards were made so long ago."""
    return int(await db.fetchval(f"SELECT count(*) FROM cards WHERE {_OLD_PICTURE}", days))


async def drop_pictures(db: Database, days: int) -> Sequence[str]:
    """Let some hundred of these cards be without their picture; gives the files to delete."""
    rows = await db.fetch(
        f"""
        WITH old AS (
            SELECT id, image_file FROM cards WHERE {_OLD_PICTURE} LIMIT 500 FOR UPDATE)
        UPDATE cards c SET image_file = NULL, blurhash = NULL, image_description = ''
        FROM old WHERE c.id = old.id RETURNING old.image_file
        """,
        days,
    )
    return [row["image_file"] for row in rows]
