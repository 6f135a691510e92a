"""Access tokens, stored as hashes."""

from dataclasses import dataclass
from typing import Any

from server.store.database import Database


@dataclass(frozen=True, slots=True)
class Token:
    """What a token opens; `account_id` is None for an app's own (client credentials).

    `state` says why a user's token opens nothing now: unconfirmed, unapproved, disabled, suspended.
    """

    id: int
    app_id: int
    account_id: int | None
    scopes: frozenset[str]
    role: str | None
    state: str | None


async def find_token(db: Database, token_hash: bytes) -> Token | None:
    """The token with that hash, with its user's state, in one query."""
    row = await db.fetchrow(
        """
        SELECT t.id, t.app_id, t.account_id, t.scopes, u.role,
            CASE WHEN u.disabled_at IS NOT NULL THEN 'disabled'
                 WHEN a.suspended_at IS NOT NULL THEN 'suspended'
                 WHEN u.account_id IS NOT NULL AND u.confirmed_at IS NULL THEN 'unconfirmed'
                 WHEN u.account_id IS NOT NULL AND u.approved_at IS NULL THEN 'unapproved'
            END AS state
        FROM tokens t
        LEFT JOIN users u ON u.account_id = t.account_id
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
        row["role"],
        row["state"],
    )
