"""Who follows whom, and who asks to."""

from dataclasses import dataclass
from typing import Any, Literal

from server.store.accounts import COLUMNS as ACCOUNT
from server.store.accounts import Account
from server.store.blocks import is_blocked
from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first
from server.store.visibility import wanted

# The two tables have the same columns; only accepted follows are counted.
Table = Literal["follows", "follow_requests"]


@dataclass(frozen=True, slots=True)
class Follow:
    """A follow or a request for one."""

    id: int
    account_id: int
    target_id: int
    uri: str | None
    show_boosts: bool
    notify: bool
    languages: list[str] | None


_COLUMNS = "id, account_id, target_id, uri, show_boosts, notify, languages"


async def insert_follow(
    db: Database,
    account_id: int,
    target_id: int,
    uri: str | None,
    *,
    show_boosts: bool = True,
    notify: bool = False,
    languages: list[str] | None = None,
) -> bool:
    """Write or change a follow, which ends a request; the latest uri counts. Gives whether new."""
    return bool(
        await db.fetchval(
            """
            WITH f AS (
                INSERT INTO follows (account_id, target_id, uri, show_boosts, notify, languages)
                VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT ON CONSTRAINT follows_unique DO UPDATE SET
                    uri = coalesce($3, follows.uri), show_boosts = $4, notify = $5, languages = $6
                RETURNING xmax = 0 AS is_new),
            asked AS (DELETE FROM follow_requests WHERE account_id = $1 AND target_id = $2),
            follower AS (
                INSERT INTO account_stats (account_id, following_count) SELECT $1, 1 FROM f
                WHERE is_new ON CONFLICT (account_id)
                DO UPDATE SET following_count = account_stats.following_count + 1),
            followed AS (
                INSERT INTO account_stats (account_id, followers_count) SELECT $2, 1 FROM f
                WHERE is_new ON CONFLICT (account_id)
                DO UPDATE SET followers_count = account_stats.followers_count + 1)
            SELECT is_new FROM f
            """,
            account_id,
            target_id,
            uri,
            show_boosts,
            notify,
            languages,
        )
    )


async def insert_request(
    db: Database,
    account_id: int,
    target_id: int,
    uri: str | None,
    *,
    show_boosts: bool = True,
    notify: bool = False,
    languages: list[str] | None = None,
) -> None:
    """Write or change a request; the latest uri counts."""
    await db.execute(
        """
        INSERT INTO follow_requests (account_id, target_id, uri, show_boosts, notify, languages)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT ON CONSTRAINT follow_requests_unique DO UPDATE SET
            uri = coalesce($3, follow_requests.uri), show_boosts = $4, notify = $5, languages = $6
        """,
        account_id,
        target_id,
        uri,
        show_boosts,
        notify,
        languages,
    )


async def find(db: Database, table: Table, account_id: int, target_id: int) -> Follow | None:
    """The follow or request of a pair."""
    return _follow(
        await db.fetchrow(
            f"SELECT {_COLUMNS} FROM {table} WHERE account_id = $1 AND target_id = $2",
            account_id,
            target_id,
        )
    )


async def find_by_uri(db: Database, table: Table, uri: str) -> Follow | None:
    """The follow or request whose Follow activity has that id."""
    return _follow(await db.fetchrow(f"SELECT {_COLUMNS} FROM {table} WHERE uri = $1", uri))


async def delete_follow(db: Database, account_id: int, target_id: int) -> Follow | None:
    """End a follow, and being on lists and endorsed with it; gives what it was, None when there was
    none.
    """
    return _follow(
        await db.fetchrow(
            f"""
            WITH f AS (
                DELETE FROM follows WHERE account_id = $1 AND target_id = $2 RETURNING *),
            unlisted AS (
                DELETE FROM list_accounts l USING lists
                WHERE lists.id = l.list_id AND lists.account_id = $1 AND l.account_id = $2),
            unendorsed AS (
                DELETE FROM endorsements WHERE account_id = $1 AND target_id = $2),
            follower AS (
                UPDATE account_stats SET following_count = greatest(0, following_count - 1)
                WHERE account_id = $1 AND EXISTS (SELECT FROM f)),
            followed AS (
                UPDATE account_stats SET followers_count = greatest(0, followers_count - 1)
                WHERE account_id = $2 AND EXISTS (SELECT FROM f))
            SELECT {_COLUMNS} FROM f
            """,
            account_id,
            target_id,
        )
    )


async def is_only_member(db: Database, account_id: int, target_id: int) -> bool:
    """Whether no other member of ours follows the target."""
    return not await db.fetchval(
        """
        SELECT EXISTS (SELECT FROM follows f JOIN users u ON u.account_id = f.account_id
                       WHERE f.target_id = $2 AND f.account_id <> $1)
        """,
        account_id,
        target_id,
    )


async def list_local_followers(db: Database, account_id: int) -> list[Account]:
    """Our members who follow an account."""
    rows = await db.fetch(
        f"""
        SELECT {ACCOUNT} FROM follows f JOIN users u ON u.account_id = f.account_id
        JOIN accounts a ON a.id = f.account_id WHERE f.target_id = $1
        """,
        account_id,
    )
    return [Account(**row) for row in rows]


async def list_follower_uris(db: Database, account_id: int, origin: str) -> list[str]:
    """Ids of the followers of an account who are of that origin."""
    rows = await db.fetch(
        """
        SELECT a.uri FROM follows f JOIN accounts a ON a.id = f.account_id
        WHERE f.target_id = $1 AND starts_with(a.uri, $2 || '/') ORDER BY a.id
        """,
        account_id,
        origin,
    )
    return [row["uri"] for row in rows]


async def list_askers(db: Database, account_id: int) -> list[int]:
    """Who asks to follow an account, the first one first; not who is silenced or suspended."""
    rows = await db.fetch(
        """
        SELECT r.account_id FROM follow_requests r JOIN accounts a ON a.id = r.account_id
        WHERE r.target_id = $1 AND a.silenced_at IS NULL AND a.suspended_at IS NULL ORDER BY r.id
        """,
        account_id,
    )
    return [row["account_id"] for row in rows]


async def list_of_members(db: Database, account_id: int) -> list[Follow]:
    """An account's follows of our members."""
    rows = await db.fetch(
        f"""
        SELECT {_COLUMNS} FROM follows
        WHERE account_id = $1 AND target_id IN (SELECT account_id FROM users)
        """,
        account_id,
    )
    return [Follow(**row) for row in rows]


async def list_with_members(db: Database, account_id: int) -> list[Follow]:
    """Follows between an account and our members, in both directions."""
    rows = await db.fetch(
        f"""
        SELECT {_COLUMNS} FROM follows
        WHERE (account_id = $1 AND target_id IN (SELECT account_id FROM users))
           OR (target_id = $1 AND account_id IN (SELECT account_id FROM users))
        """,
        account_id,
    )
    return [Follow(**row) for row in rows]


async def delete_request(db: Database, account_id: int, target_id: int) -> Follow | None:
    """Withdraw or answer a request, and end being on lists with it unless there is a follow; gives
    what it was, None when there was none.
    """
    return _follow(
        await db.fetchrow(
            f"""
            WITH r AS (
                DELETE FROM follow_requests WHERE account_id = $1 AND target_id = $2 RETURNING *),
            unlisted AS (
                DELETE FROM list_accounts l USING lists, r
                WHERE lists.id = l.list_id AND lists.account_id = $1 AND l.account_id = $2
                  AND NOT EXISTS (SELECT FROM follows f
                                  WHERE f.account_id = $1 AND f.target_id = $2))
            SELECT {_COLUMNS} FROM r
            """,
            account_id,
            target_id,
        )
    )


async def follower_page(
    db: Database, account_id: int, page: Page, viewer_id: int | None = None
) -> list[tuple[int, int]]:
    """(follow id, follower's id), as far as the viewer (None = a stranger) wants to see them."""
    return await _list(db, "follows", "target_id", "account_id", account_id, page, viewer_id)


async def following_page(
    db: Database, account_id: int, page: Page, viewer_id: int | None = None
) -> list[tuple[int, int]]:
    """(follow id, followed one's id), as far as the viewer wants to see them."""
    return await _list(db, "follows", "account_id", "target_id", account_id, page, viewer_id)


async def request_page(db: Database, account_id: int, page: Page) -> list[tuple[int, int]]:
    """(request id, asker's id)."""
    return await _list(db, "follow_requests", "target_id", "account_id", account_id, page)


async def count_requests(db: Database, account_id: int) -> int:
    """How many ask to follow."""
    query = "SELECT count(*) FROM follow_requests WHERE target_id = $1"
    return int(await db.fetchval(query, account_id))


async def are_hidden(db: Database, account: Account, viewer_id: int | None) -> bool:
    """Whether an account shows the viewer neither whom it follows nor who follows it."""
    if account.id == viewer_id:
        return False
    if account.suspended_at or account.hide_collections:
        return True
    return viewer_id is not None and await is_blocked(db, account.id, viewer_id)


async def _list(
    db: Database,
    table: Table,
    owner: str,
    other: str,
    account_id: int,
    page: Page,
    viewer_id: int | None = None,
) -> list[tuple[int, int]]:
    # Whose own list it is sees all of it.
    viewer_id = None if viewer_id == account_id else viewer_id
    rows = await db.fetch(
        f"""
        SELECT f.id, f.{other} AS other FROM {table} f JOIN accounts a ON a.id = f.{other}
        WHERE f.{owner} = $1 AND a.suspended_at IS NULL
          AND ($2::bigint IS NULL OR {wanted("a.id", "$2")}) {bounds(page, "f.id", 3)}
        """,
        account_id,
        viewer_id,
        *arguments(page),
    )
    return [(row["id"], row["other"]) for row in newest_first(rows, page)]


def _follow(row: Any) -> Follow | None:
    return None if row is None else Follow(**row)
