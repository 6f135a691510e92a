"""Browser sessions of the pages."""

from dataclasses import dataclass
from datetime import datetime

from server.store.database import Database, affected
from server.store.users import STATE

SESSION_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in; `state` says why they may not do what members do (store/users.py)."""

    id: int
    token_hash: bytes
    account_id: int
    username: str
    locale: str
    time_zone: str  # "" is that of the instance
    expand_media: str
    expand_spoilers: bool
    autoplay_gifs: bool
    permissions: int  # bits of identity/permissions.py
    state: str | None


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session as its member sees it in the list."""

    id: int
    user_agent: str
    ip: str
    created_at: datetime
    last_seen_at: datetime


async def insert_session(
    db: Database, token_hash: bytes, account_id: int, user_agent: str, ip: str
) -> None:
    """A session of thirty days; `ip` is "" where there is none."""
    await db.execute(
        """
        INSERT INTO sessions (token_hash, account_id, user_agent, ip, expires_at)
        VALUES ($1, $2, $3, nullif($4::text, '')::inet, now() + make_interval(secs => $5))
        """,
        token_hash,
        account_id,
        user_agent,
        ip,
        float(SESSION_SECONDS),
    )


async def find_session(db: Database, token_hash: bytes, ip: str) -> Session | None:
    """The session, while it lasts and its member is neither disabled nor suspended.

    Notes now and then that it is used, and from where.
    """
    row = await db.fetchrow(
        f"""
        WITH seen AS (
            UPDATE sessions SET last_seen_at = now(), ip = coalesce(nullif($2, '')::inet, ip)
            WHERE token_hash = $1 AND last_seen_at < now() - interval '5 minutes')
        SELECT s.id, s.token_hash, s.account_id, a.username, u.locale, u.time_zone,
               u.expand_media, u.expand_spoilers, u.autoplay_gifs,
               granted(r) AS permissions, {STATE} AS state
        FROM sessions s JOIN users u USING (account_id) JOIN accounts a ON a.id = s.account_id
        JOIN roles r ON r.id = u.role_id
        WHERE s.token_hash = $1 AND s.expires_at > now()
          AND u.disabled_at IS NULL AND a.suspended_at IS NULL
        """,
        token_hash,
        ip,
    )
    return None if row is None else Session(**row)


_WAS_AT = """
    (u.sign_up_ip <<= $2::text::inet OR u.last_sign_in_ip <<= $2::text::inet
        OR EXISTS (SELECT FROM sessions s WHERE s.account_id = $1 AND s.ip <<= $2::text::inet))
"""


async def was_at(db: Database, account_id: int, network: str) -> bool:
    """Whether a member has signed in from that network, as far as we remember."""
    query = f"SELECT {_WAS_AT} FROM users u WHERE u.account_id = $1"
    return bool(await db.fetchval(query, account_id, network))


async def is_known_place(db: Database, account_id: int, network: str) -> bool:
    """Whether a member has signed in from that network, or never before."""
    query = f"""
        SELECT u.last_sign_in_at IS NULL OR {_WAS_AT} FROM users u WHERE u.account_id = $1
    """
    return bool(await db.fetchval(query, account_id, network))


async def list_sessions(db: Database, account_id: int) -> list[SessionLine]:
    """A member's sessions, the one used last first."""
    rows = await db.fetch(
        """
        SELECT id, user_agent, coalesce(host(ip), '') AS ip, created_at, last_seen_at
        FROM sessions WHERE account_id = $1 AND expires_at > now()
        ORDER BY last_seen_at DESC, id DESC
        """,
        account_id,
    )
    return [SessionLine(**row) for row in rows]


async def delete_session(db: Database, token_hash: bytes) -> None:
    """Sign out."""
    await db.execute("DELETE FROM sessions WHERE token_hash = $1", token_hash)


async def delete_session_of(db: Database, account_id: int, session_id: int) -> bool:
    """End one of a member's sessions; gives whether there was one."""
    tag = await db.execute(
        "DELETE FROM sessions WHERE account_id = $1 AND id = $2", account_id, session_id
    )
    return affected(tag) > 0


async def delete_sessions_of(db: Database, account_id: int, but: bytes = b"") -> None:
    """End all of a member's sessions, but for the one whose token has that hash."""
    await db.execute(
        "DELETE FROM sessions WHERE account_id = $1 AND token_hash <> $2", account_id, but
    )
