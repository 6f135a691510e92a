"""Sign-ins of local accounts."""

from dataclasses import dataclass
from typing import Any

from server.store.database import Database, affected
from server.store.roles import OWNER


@dataclass(frozen=True, slots=True)
class User:
    """A row of users with its account's name; `may_log_in` unless disabled, suspended or new."""

    account_id: int
    username: str
    email: str
    password_hash: str | None
    role: str
    locale: str
    may_log_in: bool


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a member's posts are unless the client says otherwise."""

    default_visibility: str
    default_sensitive: bool
    default_language: str | None
    default_quote_policy: str
    default_content_type: str


_USER = """
    SELECT u.account_id, a.username, u.email, u.password_hash, u.locale,
           coalesce(nullif(lower(r.name), ''), 'member') AS role,
           u.disabled_at IS NULL AND a.suspended_at IS NULL AND u.confirmed_at IS NOT NULL
               AND u.approved_at IS NOT NULL AS may_log_in
    FROM users u JOIN accounts a ON a.id = u.account_id JOIN roles r ON r.id = u.role_id
"""


async def insert_user(
    db: Database, account_id: int, email: str, password_hash: str | None, role_id: int, locale: str
) -> None:
    """A confirmed and approved sign-in.

    Raises asyncpg.UniqueViolationError (users_email_unique) for an address that is taken.
    """
    await db.execute(
        """
        INSERT INTO users (account_id, email, password_hash, role_id, locale,
                           confirmed_at, approved_at)
        VALUES ($1, $2, $3, $4, $5, now(), now())
        """,
        account_id,
        email,
        password_hash,
        role_id,
        locale,
    )


async def find_by_login(db: Database, login: str) -> User | None:
    """The user with that e-mail address or name, in any case of letters."""
    return _user(
        await db.fetchrow(
            f"""
            {_USER} WHERE lower(u.email) = lower($1)
                OR (a.domain IS NULL AND lower(a.username) = lower($1)) LIMIT 1
            """,
            login,
        )
    )


async def find_user(db: Database, account_id: int) -> User | None:
    """The user of a local account."""
    return _user(await db.fetchrow(f"{_USER} WHERE u.account_id = $1", account_id))


async def list_users(db: Database) -> list[User]:
    """All users by name."""
    return [User(**row) for row in await db.fetch(f"{_USER} ORDER BY lower(a.username)")]


async def has_owner(db: Database) -> bool:
    """Whether somebody owns the instance already."""
    return bool(await db.fetchval("SELECT EXISTS (SELECT FROM users WHERE role_id = $1)", OWNER))


async def set_password(db: Database, account_id: int, password_hash: str) -> None:
    """Replace the password and end all sessions."""
    await db.execute(
        """
        WITH ended AS (DELETE FROM sessions WHERE account_id = $1)
        UPDATE users SET password_hash = $2 WHERE account_id = $1
        """,
        account_id,
        password_hash,
    )


async def get_preferences(db: Database, account_id: int) -> Preferences:
    """Defaults of a member."""
    row = await db.fetchrow(
        """
        SELECT default_visibility, default_sensitive, default_language, default_quote_policy,
            default_content_type
        FROM users WHERE account_id = $1
        """,
        account_id,
    )
    return Preferences(**row)


async def update_preferences(db: Database, account_id: int, **changes: Any) -> bool:
    """Change some of the defaults; names are the fields of Preferences."""
    columns = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 2))
    tag = await db.execute(
        f"UPDATE users SET {columns} WHERE account_id = $1", account_id, *changes.values()
    )
    return affected(tag) > 0


def _user(row: Any) -> User | None:
    return None if row is None else User(**row)
