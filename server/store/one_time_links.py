"""Links that work once."""

from typing import Any

from server.store.database import Database


async def insert_link(
    db: Database,
    token_hash: bytes,
    purpose: str,
    account_id: int | None,
    seconds: int,
    email: str | None = None,
) -> None:
    """A link that is good for so many seconds; `email` is where it is sent if that matters."""
    await db.execute(
        """
        INSERT INTO one_time_links (token_hash, purpose, account_id, expires_at, email)
        VALUES ($1, $2, $3, now() + make_interval(secs => $4), $5)
        """,
        token_hash,
        purpose,
        account_id,
        float(seconds),
        email,
    )


async def is_good(db: Database, token_hash: bytes, purpose: str) -> bool:
    """Whether the link could be used now."""
    return bool(
        await db.fetchval(
            """
            SELECT EXISTS (SELECT FROM one_time_links WHERE token_hash = $1 AND purpose = $2
                           AND used_at IS NULL AND expires_at > now())
            """,
            token_hash,
            purpose,
        )
    )


async def use_link(db: Database, token_hash: bytes, purpose: str) -> Any:
    """Use the link up; gives its row, or None when it is not good (any more)."""
    return await db.fetchrow(
        """
        UPDATE one_time_links SET used_at = now()
        WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > now()
        RETURNING account_id, email
        """,
        token_hash,
        purpose,
    )


async def delete_links(db: Database, purpose: str) -> None:
    """Void all links of a purpose."""
    await db.execute("DELETE FROM one_time_links WHERE purpose = $1", purpose)


async def delete_links_of(db: Database, purpose: str, account_id: int) -> None:
    """Void a member's links of a purpose."""
    await db.execute(
        "DELETE FROM one_time_links WHERE purpose = $1 AND account_id = $2", purpose, account_id
    )
