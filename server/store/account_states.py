"""What moderators decide about an account, each with its way back."""

from datetime import datetime
from typing import Literal

from server.store import suspensions
from server.store.database import Database, affected

State = Literal["silenced", "sensitized"]


async def set_state(db: Database, account_id: int, state: State, *, is_on: bool) -> bool:
    """Silence an account or mark all of its media, or take that back; whether it was not so."""
    tag = await db.execute(
        f"""
        UPDATE accounts SET {state}_at = CASE WHEN $2 THEN now() END, revision = revision + 1
        WHERE id = $1 AND ({state}_at IS NOT NULL) <> $2
        """,
        account_id,
        is_on,
    )
    return affected(tag) > 0


async def follow_home(db: Database, account_id: int, *, is_suspended: bool) -> bool:
    """Suspend an account of elsewhere as its own moderators did, or bring it back as they did.

    Whom ours suspended stays so. Gives whether it was not so.
    """
    tag = await db.execute(
        """
        UPDATE accounts SET suspended_at = CASE WHEN $2 THEN now() END, suspended_by_home = $2,
            revision = revision + 1
        WHERE id = $1 AND domain IS NOT NULL
          AND CASE WHEN $2 THEN suspended_at IS NULL ELSE suspended_by_home END
        """,
        account_id,
        is_suspended,
    )
    if not affected(tag):
        return False
    await suspensions.follow(db, [account_id])
    return True


async def set_disabled(db: Database, account_id: int, *, is_on: bool) -> bool:
    """Freeze a member's sign-in, or take that back; whether it was not so."""
    tag = await db.execute(
        """
        UPDATE users SET disabled_at = CASE WHEN $2 THEN now() END
        WHERE account_id = $1 AND (disabled_at IS NOT NULL) <> $2
        """,
        account_id,
        is_on,
    )
    return affected(tag) > 0


async def delete_waiting(db: Database, account_id: int) -> bool:
    """Forget somebody who was never let in; whether there was such a one.

    The row that says so is held, as another moderator may be letting them in at this moment.
    """
    tag = await db.execute(
        """
        WITH waiting AS (
            SELECT account_id FROM users WHERE account_id = $1 AND approved_at IS NULL FOR UPDATE)
        DELETE FROM accounts USING waiting WHERE accounts.id = waiting.account_id
        """,
        account_id,
    )
    return affected(tag) > 0


async def plan_erasure(db: Database, account_id: int, at: datetime) -> None:
    """Let an account be erased then, unless it comes back."""
    await db.execute(
        """
        INSERT INTO suspensions (account_id, erase_at) VALUES ($1, $2)
        ON CONFLICT (account_id) DO UPDATE SET erase_at = excluded.erase_at
        """,
        account_id,
        at,
    )


async def drop_erasure(db: Database, account_id: int) -> bool:
    """The account comes back, or is being erased; whether that was planned."""
    tag = await db.execute("DELETE FROM suspensions WHERE account_id = $1", account_id)
    return affected(tag) > 0


async def list_due_erasures(db: Database, limit: int) -> list[int]:
    """Ids of suspended accounts whose time to come back is over."""
    rows = await db.fetch(
        "SELECT account_id FROM suspensions WHERE erase_at <= now() ORDER BY erase_at LIMIT $1",
        limit,
    )
    return [row["account_id"] for row in rows]
