"""Direct threads as members see them: one row a member and circle of people."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.store.database import Database, affected
from server.store.pages import Page, arguments, bounds, newest_first
from server.store.visibility import not_hidden, visible


@dataclass(frozen=True, slots=True)
class Conversation:
    """A row of conversations."""

    id: int
    participant_ids: list[int]
    last_status_id: int
    unread: bool


_COLUMNS = "c.id, c.participant_ids, c.last_status_id, c.unread"
# Who is blocked by the author of the last status sees the conversation no more.
_SHOWN = visible("s", "c.account_id")


async def upsert_conversations(db: Database, status_id: int) -> list[tuple[int, int]]:
    """Put a direct status into the conversation of each member concerned: (member, row id)."""
    rows = await db.fetch(
        f"""
        WITH s AS (SELECT * FROM statuses WHERE id = $1),
        people AS (
            SELECT account_id AS id FROM s
            UNION SELECT account_id FROM status_mentions WHERE status_id = $1)
        INSERT INTO conversations (account_id, thread_id, participant_ids, last_status_id, unread)
        SELECT u.account_id, s.thread_id,
            coalesce((SELECT array_agg(p.id ORDER BY p.id) FROM people p
                      WHERE p.id <> u.account_id), '{{}}'),
            s.id, s.account_id <> u.account_id
        FROM s, people JOIN users u ON u.account_id = people.id
        WHERE {visible("s", "u.account_id")} AND {not_hidden("s.account_id", "u.account_id")}
        ON CONFLICT ON CONSTRAINT conversations_unique DO UPDATE SET
            last_status_id = greatest(conversations.last_status_id, excluded.last_status_id),
            unread = excluded.unread
        RETURNING account_id, id
        """,
        status_id,
    )
    return [(row["account_id"], row["id"]) for row in rows]


async def conversation_page(db: Database, account_id: int, page: Page) -> list[Conversation]:
    """A member's conversations; paged by their last status."""
    rows = await db.fetch(
        f"""
        SELECT {_COLUMNS} FROM conversations c JOIN statuses s ON s.id = c.last_status_id
        WHERE c.account_id = $1 AND {_SHOWN} {bounds(page, "c.last_status_id", 2)}
        """,
        account_id,
        *arguments(page),
    )
    return [Conversation(**row) for row in newest_first(rows, page)]


async def find_conversations(db: Database, ids: Sequence[int]) -> list[Conversation]:
    """Conversations by id."""
    rows = await db.fetch(
        f"""
        SELECT {_COLUMNS} FROM conversations c JOIN statuses s ON s.id = c.last_status_id
        WHERE c.id = ANY($1) AND {_SHOWN}
        """,
        list(ids),
    )
    return [Conversation(**row) for row in rows]


async def set_unread(
    db: Database, account_id: int, conversation_id: int, *, unread: bool
) -> Conversation | None:
    """Mark a member's own conversation; None when there is none."""
    row = await db.fetchrow(
        f"""
        UPDATE conversations c SET unread = $3 FROM statuses s
        WHERE c.account_id = $1 AND c.id = $2 AND s.id = c.last_status_id AND {_SHOWN}
        RETURNING {_COLUMNS}
        """,
        account_id,
        conversation_id,
        unread,
    )
    return None if row is None else Conversation(**row)


async def delete_conversation(db: Database, account_id: int, conversation_id: int) -> bool:
    """Take a member's own conversation off the list; whether there was one."""
    tag = await db.execute(
        "DELETE FROM conversations WHERE account_id = $1 AND id = $2", account_id, conversation_id
    )
    return affected(tag) > 0


async def step_back(db: Database, status_id: int) -> list[tuple[int, int]]:
    """Let conversations that end with the status end with the one before it, if there is one.

    Gives (member, row id) of those that have changed.
    """
    rows = await db.fetch(
        """
        UPDATE conversations c SET last_status_id = earlier.id
        FROM conversations o CROSS JOIN LATERAL (
            SELECT s.id FROM statuses s
            WHERE s.thread_id = o.thread_id AND s.visibility = 'direct' AND NOT s.limited
              AND s.id < $1
              AND o.participant_ids = ARRAY(
                  (SELECT s.account_id UNION SELECT m.account_id FROM status_mentions m
                   WHERE m.status_id = s.id) EXCEPT SELECT o.account_id ORDER BY 1)
            ORDER BY s.id DESC LIMIT 1) earlier
        WHERE o.last_status_id = $1 AND c.id = o.id RETURNING c.account_id, c.id
        """,
        status_id,
    )
    return [(row["account_id"], row["id"]) for row in rows]
