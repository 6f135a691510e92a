"""Links with which members let others in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.store.database import Database, affected
from server.store.pages import Page, arguments, bounds, newest_first

# An invitation is good while its maker may let people in: $2 are the permissions for that.
_GOOD = """
    i.code_hash = $1 AND coalesce(i.uses < i.max_uses, true)
    AND coalesce(i.expires_at > now(), true)
    AND EXISTS (SELECT FROM users u JOIN roles r ON r.id = u.role_id
                JOIN accounts a ON a.id = u.account_id
                WHERE u.account_id = i.account_id AND granted(r) & $2 <> 0
                  AND u.disabled_at IS NULL AND a.suspended_at IS NULL)
"""


_UNUSED = "(coalesce(i.uses < i.max_uses, true) AND coalesce(i.expires_at > now(), true))"


@dataclass(frozen=True, slots=True)
class MadeInvite:
    """An invitation as moderators see it: not its link, and not what its maker noted."""

    id: int
    account_id: int
    maker: str
    max_uses: int | None
    uses: int
    expires_at: datetime | None
    created_at: datetime
    is_good: bool


@dataclass(frozen=True, slots=True)
class Invite:
    """An invitation as its maker sees it; `code_sealed` holds the code of its link."""

    id: int
    code_sealed: bytes
    comment: str
    max_uses: int | None
    uses: int
    autofollow: bool
    expires_at: datetime | None
    is_good: bool


async def insert_invite(
    db: Database,
    account_id: int,
    code_hash: bytes,
    code_sealed: bytes,
    comment: str,
    max_uses: int | None,
    seconds: int | None,
    *,
    autofollow: bool,
) -> None:
    """A new invitation, good for so many uses and seconds (None: without end)."""
    await db.execute(
        """
        INSERT INTO invites (account_id, code_hash, code_sealed, comment, max_uses, autofollow,
                             expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
        """,
        account_id,
        code_hash,
        code_sealed,
        comment,
        max_uses,
        autofollow,
        None if seconds is None else float(seconds),
    )


async def list_invites(db: Database, account_id: int, limit: int) -> list[Invite]:
    """A member's invitations, the newest first."""
    rows = await db.fetch(
        """
        SELECT id, code_sealed, comment, max_uses, uses, autofollow, expires_at,
               coalesce(uses < max_uses, true) AND coalesce(expires_at > now(), true) AS is_good
        FROM invites WHERE account_id = $1 ORDER BY id DESC LIMIT $2
        """,
        account_id,
        limit,
    )
    return [Invite(**row) for row in rows]


async def invite_page(db: Database, page: Page, *, only_good: bool) -> list[MadeInvite]:
    """Invitations of all members, the newest first."""
    rows = await db.fetch(
        f"""
        SELECT i.id, i.account_id, a.username AS maker, i.max_uses, i.uses, i.expires_at,
               i.created_at, {_UNUSED} AS is_good
        FROM invites i JOIN accounts a ON a.id = i.account_id
        WHERE (NOT $1 OR {_UNUSED}) {bounds(page, "i.id", 2)}
        """,
        only_good,
        *arguments(page),
    )
    return [MadeInvite(**row) for row in newest_first(rows, page)]


async def end_any(db: Database, invite_id: int | None) -> list[tuple[int, str]]:
    """End an invitation of whomever, all that are good for None; gives (id, name of the maker)."""
    rows = await db.fetch(
        f"""
        UPDATE invites i SET expires_at = least(i.expires_at, now()) FROM accounts a
        WHERE a.id = i.account_id AND (i.id = $1 OR $1::bigint IS NULL) AND {_UNUSED}
        RETURNING i.id, a.username
        """,
        invite_id,
    )
    return [(row["id"], row["username"]) for row in rows]


async def count_good(db: Database, account_id: int) -> int:
    """How many invitations of a member are good now."""
    return int(
        await db.fetchval(
            """
            SELECT count(*) FROM invites WHERE account_id = $1
                AND coalesce(uses < max_uses, true) AND coalesce(expires_at > now(), true)
            """,
            account_id,
        )
    )


async def end_invite(db: Database, account_id: int, invite_id: int) -> bool:
    """End an invitation of that member; gives whether there is one."""
    tag = await db.execute(
        """
        UPDATE invites SET expires_at = least(expires_at, now())
        WHERE id = $1 AND account_id = $2
        """,
        invite_id,
        account_id,
    )
    return affected(tag) > 0


async def inviter_of(db: Database, code_hash: bytes, permissions: int) -> str | None:
    """Name of who invites, while the invitation is good and its maker has one of these bits."""
    name: str | None = await db.fetchval(
        f"""
        SELECT a.username FROM invites i JOIN accounts a ON a.id = i.account_id WHERE {_GOOD}
        """,
        code_hash,
        permissions,
    )
    return name


async def use_invite(db: Database, code_hash: bytes, permissions: int) -> int | None:
    """Use an invitation once; gives its id, or None when it is not good (any more)."""
    found: int | None = await db.fetchval(
        f"UPDATE invites i SET uses = uses + 1 WHERE {_GOOD} RETURNING id", code_hash, permissions
    )
    return found


async def followed_inviter(db: Database, account_id: int) -> int | None:
    """Whom a member follows from the start, because of the invitation with which they came."""
    found: Any = await db.fetchval(
        """
        SELECT i.account_id FROM users u JOIN invites i ON i.id = u.invite_id
        WHERE u.account_id = $1 AND i.autofollow
        """,
        account_id,
    )
    return None if found is None else int(found)
