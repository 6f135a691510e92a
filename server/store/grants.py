"""Authorisation codes (RFC 6749, 4.1.2), each good for one exchange within ten minutes."""

from dataclasses import dataclass

from server.store.database import Database

_CODE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Grant:
    """What a member allowed an application; `is_used` tells a replay from a first exchange."""

    app_id: int
    account_id: int
    redirect_uri: str
    scopes: list[str]
    code_challenge: str | None
    is_expired: bool
    is_used: bool


async def insert_grant(
    db: Database,
    code_hash: bytes,
    app_id: int,
    account_id: int,
    redirect_uri: str,
    scopes: list[str],
    code_challenge: str | None,
) -> None:
    """Keep what was allowed until the application exchanges the code."""
    await db.execute(
        """
        INSERT INTO grants (code_hash, app_id, account_id, redirect_uri, scopes, code_challenge,
                            expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
        """,
        code_hash,
        app_id,
        account_id,
        redirect_uri,
        scopes,
        code_challenge,
        float(_CODE_SECONDS),
    )


async def use_grant(db: Database, code_hash: bytes) -> Grant | None:
    """The grant of a code, marked as used; of two that come at once one sees it unused."""
    row = await db.fetchrow(
        """
        WITH before AS (SELECT * FROM grants WHERE code_hash = $1 FOR UPDATE),
        used AS (UPDATE grants g SET used_at = coalesce(g.used_at, now())
                 FROM before WHERE g.code_hash = before.code_hash)
        SELECT app_id, account_id, redirect_uri, scopes, code_challenge,
               expires_at < now() AS is_expired, used_at IS NOT NULL AS is_used
        FROM before
        """,
        code_hash,
    )
    return None if row is None else Grant(**row)


async def delete_grants_of(db: Database, account_id: int, app_id: int | None = None) -> None:
    """Void what a member allowed (one application) and nobody has exchanged yet."""
    await db.execute(
        "DELETE FROM grants WHERE account_id = $1 AND app_id = coalesce($2, app_id)",
        account_id,
        app_id,
    )
