"""Access tokens, stored as hashes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.store.database import Database
from server.store.users import STATE


@dataclass(frozen=True, slots=True)
class Token:
    """What a token opens; `account_id` is None for an app's own (client credentials).

    `state` says why a user's token opens nothing now (store/users.py).
    """

    id: int
    app_id: int
    account_id: int | None
    scopes: frozenset[str]
    permissions: int  # of the member's role
    state: str | None


async def find_token(db: Database, token_hash: bytes) -> Token | None:
    """The token with that hash, with its user's state, in one query; notes its use now and then."""
    row = await db.fetchrow(
        f"""
        WITH used AS (
            UPDATE tokens SET last_used_at = now()
            WHERE token_hash = $1
              AND coalesce(last_used_at, '-infinity') < now() - interval '5 minutes')
        SELECT t.id, t.app_id, t.account_id, t.scopes,
            coalesce(granted(r), 0) AS permissions,
            CASE WHEN u.account_id IS NOT NULL THEN {STATE} END AS state
        FROM tokens t
        LEFT JOIN users u ON u.account_id = t.account_id
        LEFT JOIN roles r ON r.id = u.role_id
        LEFT JOIN accounts a ON a.id = t.account_id
        WHERE t.token_hash = $1
        """,
        token_hash,
    )
    return None if row is None else _token(row)


def _token(row: Any) -> Token:
    return Token(
        row["id"],
        row["app_id"],
        row["account_id"],
        frozenset(row["scopes"]),
        row["permissions"],
        row["state"],
    )


async def insert_token(
    db: Database,
    token_hash: bytes,
    app_id: int,
    account_id: int | None,
    scopes: list[str],
    grant_hash: bytes | None = None,
) -> int:
    """Keep a token's hash; returns the row's id."""
    return int(
        await db.fetchval(
            """
            INSERT INTO tokens (token_hash, app_id, account_id, scopes, grant_hash)
            VALUES ($1, $2, $3, $4, $5) RETURNING id
            """,
            token_hash,
            app_id,
            account_id,
            scopes,
            grant_hash,
        )
    )


async def delete_token(db: Database, token_hash: bytes, app_id: int) -> list[int]:
    """Revoke a token of that application; gives the ids of what was revoked."""
    rows = await db.fetch(
        "DELETE FROM tokens WHERE token_hash = $1 AND app_id = $2 RETURNING id", token_hash, app_id
    )
    return [row["id"] for row in rows]


async def delete_tokens_of_grant(db: Database, grant_hash: bytes) -> list[int]:
    """Revoke what came of a code that was used twice (RFC 6749, 4.1.2)."""
    rows = await db.fetch("DELETE FROM tokens WHERE grant_hash = $1 RETURNING id", grant_hash)
    return [row["id"] for row in rows]


async def delete_tokens_of_account(db: Database, account_id: int) -> list[int]:
    """Revoke every token of a member."""
    rows = await db.fetch("DELETE FROM tokens WHERE account_id = $1 RETURNING id", account_id)
    return [row["id"] for row in rows]


async def delete_tokens_of_app(db: Database, account_id: int, app_id: int) -> list[int]:
    """Revoke what a member allowed an application."""
    rows = await db.fetch(
        "DELETE FROM tokens WHERE account_id = $1 AND app_id = $2 RETURNING id", account_id, app_id
    )
    return [row["id"] for row in rows]


async def note_use(db: Database, ids: Sequence[int]) -> None:
    """These tokens' members are there."""
    await db.execute("UPDATE tokens SET last_used_at = now() WHERE id = ANY($1)", list(ids))
