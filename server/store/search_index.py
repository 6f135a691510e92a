"""What posts and accounts are found by: the texts to read, and the words to keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.store.accounts import JOINED
from server.store.database import Database


@dataclass(frozen=True, slots=True)
class StatusTexts:
    """All texts of a post, and what else it is found by; a boost has none."""

    id: int
    content: str  # HTML
    spoiler_text: str
    language: str | None
    sensitive: bool
    is_reply: bool
    is_quote: bool
    has_player: bool  # of a video that its card embeds
    media: list[list[str | None]]  # (type, description) of each
    tags: list[str]
    options: list[str] | None  # of its poll


@dataclass(frozen=True, slots=True)
class AccountTexts:
    """What an account tells of itself."""

    id: int
    username: str
    domain: str | None
    display_name: str
    note: str  # HTML
    fields: list[dict[str, Any]]


async def load_status_texts(db: Database, ids: Sequence[int]) -> list[StatusTexts]:
    """Texts of those of the ids that are posts."""
    rows = await db.fetch(
        """
        SELECT s.id, s.content, s.spoiler_text, s.language, s.sensitive,
            s.in_reply_to_id IS NOT NULL OR s.in_reply_to_uri IS NOT NULL AS is_reply,
            EXISTS (SELECT FROM quotes q WHERE q.status_id = s.id) AS is_quote,
            EXISTS (SELECT FROM status_cards sc JOIN cards c ON c.id = sc.card_id
                    WHERE sc.status_id = s.id AND c.is_usable AND c.type = 'video') AS has_player,
            coalesce((SELECT jsonb_agg(jsonb_build_array(m.type, m.description))
                      FROM media_attachments m WHERE m.status_id = s.id), '[]') AS media,
            ARRAY(SELECT t.name FROM status_tags st JOIN tags t ON t.id = st.tag_id
                  WHERE st.status_id = s.id) AS tags,
            (SELECT p.options FROM polls p WHERE p.status_id = s.id) AS options
        FROM statuses s WHERE s.id = ANY($1) AND s.boost_of_id IS NULL
        """,
        list(ids),
    )
    return [StatusTexts(**row) for row in rows]


async def load_account_texts(db: Database, ids: Sequence[int]) -> list[AccountTexts]:
    """Texts of accounts; of who waits to be let in there are none."""
    rows = await db.fetch(
        f"""
        SELECT id, username, domain, display_name, note, fields FROM accounts a
        WHERE id = ANY($1) AND {JOINED}
        """,
        list(ids),
    )
    return [AccountTexts(**row) for row in rows]


async def put_status_words(db: Database, vectors: Sequence[tuple[int, str]]) -> None:
    """Keep tsvectors (as `lexemes.vector` writes them) by status."""
    await db.execute(
        """
        INSERT INTO status_words (status_id, words)
        SELECT id, words::tsvector FROM unnest($1::bigint[], $2::text[]) AS new (id, words)
        ON CONFLICT (status_id) DO UPDATE SET words = excluded.words
        """,
        [row_id for row_id, _ in vectors],
        [words for _, words in vectors],
    )


async def put_account_words(db: Database, vectors: Sequence[tuple[int, str]]) -> None:
    """Keep tsvectors by account."""
    await db.execute(
        """
        INSERT INTO account_words (account_id, words)
        SELECT id, words::tsvector FROM unnest($1::bigint[], $2::text[]) AS new (id, words)
        ON CONFLICT (account_id) DO UPDATE SET words = excluded.words
        """,
        [row_id for row_id, _ in vectors],
        [words for _, words in vectors],
    )


async def next_statuses(db: Database, after_id: int, limit: int) -> list[int]:
    """Ids of the posts that follow an id."""
    rows = await db.fetch(
        """
        SELECT id FROM statuses WHERE id > $1 AND boost_of_id IS NULL ORDER BY id LIMIT $2
        """,
        after_id,
        limit,
    )
    return [row["id"] for row in rows]


async def next_accounts(db: Database, after_id: int, limit: int) -> list[int]:
    """Ids of the accounts that follow an id."""
    rows = await db.fetch(
        "SELECT id FROM accounts WHERE id > $1 ORDER BY id LIMIT $2", after_id, limit
    )
    return [row["id"] for row in rows]
