"""Lists of members and who is on them."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.errors import NotFound
from server.store.database import Database, affected
from server.store.pages import Page, arguments, bounds, newest_first


@dataclass(frozen=True, slots=True)
class List:
    """A row of lists."""

    id: int
    title: str
    replies_policy: str
    exclusive: bool


_COLUMNS = "id, title, replies_policy, exclusive"


async def insert_list(
    db: Database, account_id: int, title: str, replies_policy: str, *, exclusive: bool
) -> List:
    """A new list."""
    row = await db.fetchrow(
        f"""
        INSERT INTO lists (account_id, title, replies_policy, exclusive) VALUES ($1, $2, $3, $4)
        RETURNING {_COLUMNS}
        """,
        account_id,
        title,
        replies_policy,
        exclusive,
    )
    return List(**row)


async def list_lists(db: Database, account_id: int, containing: int | None = None) -> list[List]:
    """A member's lists; with `containing`, those on which that account is."""
    rows = await db.fetch(
        f"""
        SELECT {_COLUMNS} FROM lists WHERE account_id = $1 AND ($2::bigint IS NULL OR EXISTS (
            SELECT FROM list_accounts WHERE list_id = lists.id AND list_accounts.account_id = $2))
        ORDER BY id
        """,
        account_id,
        containing,
    )
    return [List(**row) for row in rows]


async def get_list(db: Database, account_id: int, list_id: int) -> List:
    """A member's own list. Raises NotFound."""
    row = await db.fetchrow(
        f"SELECT {_COLUMNS} FROM lists WHERE account_id = $1 AND id = $2", account_id, list_id
    )
    if row is None:
        raise NotFound
    return List(**row)


async def update_list(
    db: Database,
    list_id: int,
    title: str | None,
    replies_policy: str | None,
    exclusive: bool | None,
) -> List:
    """Change what is given; None leaves it."""
    row = await db.fetchrow(
        f"""
        UPDATE lists SET title = coalesce($2, title), exclusive = coalesce($4, exclusive),
            replies_policy = coalesce($3, replies_policy)
        WHERE id = $1 RETURNING {_COLUMNS}
        """,
        list_id,
        title,
        replies_policy,
        exclusive,
    )
    return List(**row)


async def empty_list(db: Database, list_id: int) -> None:
    """Take everybody and all posts off a list."""
    await db.execute(
        """
        WITH posts AS (DELETE FROM list_entries WHERE list_id = $1)
        DELETE FROM list_accounts WHERE list_id = $1
        """,
        list_id,
    )


async def delete_list(db: Database, list_id: int) -> None:
    """Delete a list with its timeline."""
    await db.execute("DELETE FROM lists WHERE id = $1", list_id)


async def add_accounts(
    db: Database, account_id: int, list_id: int, target_ids: Sequence[int]
) -> int:
    """Put accounts on the list, if the member follows, asks to follow or is each of them; gives
    how many.

    Otherwise none is put there and 0 comes back. The latest posts of those whom the member follows
    come with them.
    """
    tag = await db.execute(
        """
        WITH known AS (
            SELECT target_id AS id FROM follows WHERE account_id = $1 AND target_id = ANY($3)
            UNION SELECT $1::bigint WHERE $1 = ANY($3)),
        asked AS (
            SELECT target_id AS id FROM follow_requests
            WHERE account_id = $1 AND target_id = ANY($3)),
        allowed AS (
            SELECT id, is_known FROM (
                SELECT id, true AS is_known FROM known UNION ALL
                SELECT id, false FROM asked WHERE id NOT IN (SELECT id FROM known)) AS found
            WHERE cardinality($3::bigint[]) = (
                SELECT count(*) FROM (SELECT id FROM known UNION SELECT id FROM asked) AS people)),
        added AS (
            INSERT INTO list_accounts (list_id, account_id) SELECT $2, id FROM allowed
            ON CONFLICT DO NOTHING),
        posts AS (
            INSERT INTO list_entries (list_id, status_id, shown_id, author_id)
            SELECT $2, p.id, p.id, p.account_id FROM allowed, LATERAL (
                SELECT id, account_id FROM statuses WHERE account_id = allowed.id
                  AND boost_of_id IS NULL AND in_reply_to_uri IS NULL AND visibility <> 'direct'
                  AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = account_id)
                ORDER BY id DESC LIMIT 20) p
            WHERE allowed.is_known
            ON CONFLICT DO NOTHING)
        SELECT id FROM allowed
        """,
        account_id,
        list_id,
        list(target_ids),
    )
    return affected(tag)


async def is_any_listed(db: Database, list_id: int, account_ids: Sequence[int]) -> bool:
    """Whether one of the accounts is on the list."""
    return bool(
        await db.fetchval(
            """
            SELECT EXISTS (
                SELECT FROM list_accounts WHERE list_id = $1 AND account_id = ANY($2))
            """,
            list_id,
            list(account_ids),
        )
    )


async def remove_accounts(db: Database, list_id: int, target_ids: Sequence[int]) -> None:
    """Take accounts and their posts off the list."""
    await db.execute(
        """
        WITH posts AS (DELETE FROM list_entries WHERE list_id = $1 AND author_id = ANY($2))
        DELETE FROM list_accounts WHERE list_id = $1 AND account_id = ANY($2)
        """,
        list_id,
        list(target_ids),
    )


async def member_page(db: Database, list_id: int, page: Page) -> list[int]:
    """Ids of the accounts on the list; paged by themselves."""
    rows = await db.fetch(
        f"""
        SELECT l.account_id FROM list_accounts l JOIN accounts a ON a.id = l.account_id
        WHERE l.list_id = $1 AND a.suspended_at IS NULL {bounds(page, "l.account_id", 2)}
        """,
        list_id,
        *arguments(page),
    )
    return [row["account_id"] for row in newest_first(rows, page)]
