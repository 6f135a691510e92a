"""Accounts that moved, who followed them, and how far everybody came along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.store.database import Database

_COOLDOWN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Move:
    """A row of moves; `followers_count` as it was then."""

    id: int
    account_id: int
    target_id: int
    followers_count: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody who followed an account that moved, and what became of that.

    `came`: follows the new one here; `asked`: waits there for an answer; `left`: does not follow
    the old one any more (whom somebody elsewhere follows is not told to us); `stays`: still does.
    """

    username: str
    domain: str | None
    state: str


_COLUMNS = "id, account_id, target_id, followers_count, created_at"


async def insert_move(db: Database, account_id: int, target_id: int) -> Move | None:
    """Keep who follows now; None when the account moved in the last 30 days."""
    row = await db.fetchrow(
        f"""
        WITH new AS (
            INSERT INTO moves (account_id, target_id, followers_count)
            SELECT $1, $2, (SELECT count(*) FROM follows WHERE target_id = $1)
            WHERE NOT EXISTS (SELECT FROM moves WHERE account_id = $1
                              AND created_at > now() - make_interval(days => $3))
            RETURNING *),
        companions AS (
            INSERT INTO move_followers (move_id, account_id)
            SELECT new.id, f.account_id FROM new JOIN follows f ON f.target_id = $1)
        SELECT {_COLUMNS} FROM new
        """,
        account_id,
        target_id,
        _COOLDOWN_DAYS,
    )
    return _move(row)


async def find_move(db: Database, move_id: int) -> Move | None:
    """The move with that id."""
    return _move(await db.fetchrow(f"SELECT {_COLUMNS} FROM moves WHERE id = $1", move_id))


async def find_last(db: Database, account_id: int) -> Move | None:
    """An account's latest move."""
    return _move(
        await db.fetchrow(
            f"SELECT {_COLUMNS} FROM moves WHERE account_id = $1 ORDER BY id DESC LIMIT 1",
            account_id,
        )
    )


async def list_arrivals(db: Database, account_id: int) -> list[Move]:
    """Moves of others to an account, the latest first."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM moves WHERE target_id = $1 ORDER BY id DESC LIMIT 20", account_id
    )
    return [Move(**row) for row in rows]


async def set_moved_to(db: Database, account_id: int, target_id: int | None) -> None:
    """Point an account to another one, or to none."""
    await db.execute(
        """
        UPDATE accounts SET moved_to_id = $2, revision = revision + 1
        WHERE id = $1 AND moved_to_id IS DISTINCT FROM $2
        """,
        account_id,
        target_id,
    )


async def set_aliases(db: Database, account_id: int, uris: Sequence[str]) -> None:
    """Replace the other accounts that an account says it is, too."""
    await db.execute(
        "UPDATE accounts SET also_known_as = $2, revision = revision + 1 WHERE id = $1",
        account_id,
        list(uris),
    )


async def list_member_followers(
    db: Database, move_id: int, after_id: int, limit: int
) -> list[tuple[int, bool, bool, list[str] | None]]:
    """Our members who follow an account that moved: (id, show_boosts, notify, languages)."""
    rows = await db.fetch(
        """
        SELECT f.account_id, f.show_boosts, f.notify, f.languages
        FROM moves m JOIN follows f ON f.target_id = m.account_id
        JOIN users u ON u.account_id = f.account_id
        WHERE m.id = $1 AND f.account_id > $2 AND f.account_id <> m.target_id
        ORDER BY f.account_id LIMIT $3
        """,
        move_id,
        after_id,
        limit,
    )
    return [tuple(row) for row in rows]


async def list_left_behind(db: Database, account_id: int, target_id: int) -> list[int]:
    """Accounts that moved to one that a member follows now, and that it follows still."""
    rows = await db.fetch(
        """
        SELECT a.id FROM accounts a JOIN follows f ON f.target_id = a.id AND f.account_id = $1
        WHERE a.moved_to_id = $2
          AND EXISTS (SELECT FROM follows WHERE account_id = $1 AND target_id = $2)
        """,
        account_id,
        target_id,
    )
    return [row["id"] for row in rows]


async def copy_lists(db: Database, account_id: int, source_id: int, target_id: int) -> None:
    """On whichever lists of a member the old account is, the new one is too."""
    await db.execute(
        """
        INSERT INTO list_accounts (list_id, account_id)
        SELECT l.id, $3 FROM lists l JOIN list_accounts x ON x.list_id = l.id
        WHERE l.account_id = $1 AND x.account_id = $2 ON CONFLICT DO NOTHING
        """,
        account_id,
        source_id,
        target_id,
    )


async def list_blockers(db: Database, move_id: int) -> list[int]:
    """Our members who block an account that moved, and neither block nor follow the new one."""
    rows = await db.fetch(
        """
        SELECT b.account_id FROM moves m JOIN blocks b ON b.target_id = m.account_id
        JOIN users u ON u.account_id = b.account_id
        WHERE m.id = $1 AND b.account_id <> m.target_id
          AND NOT EXISTS (SELECT FROM blocks x
                          WHERE x.account_id = b.account_id AND x.target_id = m.target_id)
          AND NOT EXISTS (SELECT FROM follows f
                          WHERE f.account_id = b.account_id AND f.target_id = m.target_id)
        """,
        move_id,
    )
    return [row["account_id"] for row in rows]


async def carry_over(db: Database, move_id: int, blockers: Sequence[int], texts: Any) -> None:
    """Carry our members' mutes and private notes over to the new account, once.

    `texts` has for each language {note, block, mute}: first lines that say where what follows
    comes from. Who blocked or muted and has no note is left one that says so.
    """
    await db.execute(
        """
        WITH m AS (
            UPDATE moves SET carried_at = now() WHERE id = $1 AND carried_at IS NULL RETURNING *),
        muted AS (
            INSERT INTO mutes (account_id, target_id, hide_notifications, expires_at)
            SELECT x.account_id, m.target_id, x.hide_notifications, x.expires_at
            FROM m JOIN mutes x ON x.target_id = m.account_id
            JOIN users u ON u.account_id = x.account_id
            WHERE x.account_id <> m.target_id AND NOT EXISTS (
                SELECT FROM follows f
                WHERE f.account_id = x.account_id AND f.target_id = m.target_id)
            ON CONFLICT DO NOTHING RETURNING account_id),
        written AS (
            SELECT n.account_id, m.target_id, (t.words ->> 'note') || E'\\n' || n.comment AS comment
            FROM m JOIN account_notes n ON n.target_id = m.account_id
            JOIN users u ON u.account_id = n.account_id,
            LATERAL (SELECT coalesce($3::jsonb -> u.locale, $3::jsonb -> 'en') AS words) t
            WHERE n.account_id <> m.target_id
            UNION ALL
            SELECT u.account_id, m.target_id,
                t.words ->> CASE WHEN u.account_id = ANY($2) THEN 'block' ELSE 'mute' END
            FROM m CROSS JOIN users u,
            LATERAL (SELECT coalesce($3::jsonb -> u.locale, $3::jsonb -> 'en') AS words) t
            WHERE (u.account_id = ANY($2) OR u.account_id IN (SELECT account_id FROM muted))
              AND NOT EXISTS (SELECT FROM account_notes n WHERE n.account_id = u.account_id
                              AND n.target_id IN (m.account_id, m.target_id)))
        INSERT INTO account_notes (account_id, target_id, comment)
        SELECT account_id, target_id, comment FROM written
        ON CONFLICT (account_id, target_id) DO UPDATE SET
            comment = excluded.comment || E'\\n\\n' || account_notes.comment
        """,
        move_id,
        list(blockers),
        texts,
    )


async def count_companions(db: Database, move_id: int) -> dict[str, int]:
    """How many came along, and how many did not, by the state of a Companion."""
    rows = await db.fetch(f"SELECT state, count(*) FROM ({_STATES}) found GROUP BY state", move_id)
    return {row["state"]: row["count"] for row in rows}


async def list_companions(db: Database, move_id: int, states: Sequence[str]) -> list[Companion]:
    """The first thousand whose follow is in one of these states, by handle."""
    rows = await db.fetch(
        f"""
        SELECT a.username, a.domain, found.state FROM ({_STATES}) found
        JOIN accounts a ON a.id = found.account_id
        WHERE found.state = ANY($2) ORDER BY a.domain NULLS FIRST, lower(a.username) LIMIT 1000
        """,
        move_id,
        list(states),
    )
    return [Companion(**row) for row in rows]


_STATES = """
    SELECT x.account_id, CASE
        WHEN EXISTS (SELECT FROM follows f
                     WHERE f.account_id = x.account_id AND f.target_id = m.target_id) THEN 'came'
        WHEN EXISTS (SELECT FROM follow_requests f
                     WHERE f.account_id = x.account_id AND f.target_id = m.target_id) THEN 'asked'
        WHEN EXISTS (SELECT FROM follows f
                     WHERE f.account_id = x.account_id AND f.target_id = m.account_id) THEN 'stays'
        ELSE 'left' END AS state
    FROM move_followers x JOIN moves m ON m.id = x.move_id WHERE m.id = $1
"""


def _move(row: Any) -> Move | None:
    return None if row is None else Move(**row)
