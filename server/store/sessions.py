"""Browser sessions of the pages."""

from dataclasses import dataclass

from server.store.database import Database

SESSION_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in."""

    account_id: int
    username: str
    locale: str


async def insert_session(db: Database, token_hash: bytes, account_id: int, user_agent: str) -> None:
    """A session of thirty days."""
    await db.execute(
        """
        INSERT INTO sessions (token_hash, account_id, user_agent, expires_at)
        VALUES ($1, $2, $3, now() + make_interval(secs => $4))
        """,
        token_hash,
        account_id,
        user_agent,
        float(SESSION_SECONDS),
    )


async def find_session(db: Database, token_hash: bytes) -> Session | None:
    """The session, while it lasts and its member may log in."""
    row = await db.fetchrow(
        """
        SELECT s.account_id, a.username, u.locale
        FROM sessions s JOIN users u USING (account_id) JOIN accounts a ON a.id = s.account_id
        WHERE s.token_hash = $1 AND s.expires_at > now()
          AND u.disabled_at IS NULL AND a.suspended_at IS NULL
        """,
        token_hash,
    )
    return None if row is None else Session(**row)


async def delete_session(db: Database, token_hash: bytes) -> None:
    """Sign out."""
    await db.execute("DELETE FROM sessions WHERE token_hash = $1", token_hash)
