"""Sign-ins of local accounts."""

from dataclasses import dataclass
from typing import Any

from server.store.database import Database, affected
from server.store.roles import OWNER


@dataclass(frozen=True, slots=True)
class User:
    """A row of users with its account's name.

    `state` says why somebody may not do what members do, in the words of `STATE`.
    """

    account_id: int
    username: str
    email: str
    unconfirmed_email: str | None
    password_hash: str | None
    role: str
    locale: str
    time_zone: str  # "" is that of the instance
    created_by_app_id: int | None
    reason: str | None  # why they want to join
    has_second_factor: bool
    state: str | None

    @property
    def is_waiting(self) -> bool:
        """Whether they have yet to confirm their address or to be let in."""
        return self.state in {"unconfirmed", "unapproved"}


@dataclass(frozen=True, slots=True)
class NewUser:
    """Somebody who comes; without confirmation or approval they wait for it."""

    email: str
    password_hash: str | None
    role_id: int
    locale: str
    is_confirmed: bool = True
    is_approved: bool = True
    reason: str | None = None
    ip: str = ""
    invite_id: int | None = None
    app_id: int | None = None
    is_age_verified: bool = False
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a member's posts are unless the client says otherwise, and what of others they see at
    once (`expand_media`: default, show_all or hide_all); who is limited posts nothing to public
    timelines. `locale` is the language in which we speak to them.
    """

    default_visibility: str
    default_sensitive: bool
    default_language: str | None
    default_quote_policy: str
    default_content_type: str
    expand_media: str
    expand_spoilers: bool
    autoplay_gifs: bool
    locale: str
    is_limited: bool = False


_HAS_SECOND_FACTOR = """(
    EXISTS (SELECT FROM totp_secrets s
            WHERE s.account_id = u.account_id AND s.confirmed_at IS NOT NULL)
    OR EXISTS (SELECT FROM passkeys p WHERE p.account_id = u.account_id))
"""

# Why a user `u` with account `a` and role `r` may not do what members do; null for who may.
STATE = f"""
    CASE WHEN u.disabled_at IS NOT NULL THEN 'disabled'
         WHEN a.suspended_at IS NOT NULL THEN 'suspended'
         WHEN u.confirmed_at IS NULL THEN 'unconfirmed'
         WHEN u.approved_at IS NULL THEN 'unapproved'
         WHEN r.require_2fa AND NOT {_HAS_SECOND_FACTOR} THEN 'missing_2fa'
         WHEN a.moved_to_id IS NOT NULL THEN 'moved' END
"""

_USER = f"""
    SELECT u.account_id, a.username, u.email, u.unconfirmed_email, u.password_hash, u.locale,
           u.time_zone, coalesce(nullif(lower(r.name), ''), 'member') AS role, u.created_by_app_id,
           u.sign_up_reason AS reason,
           {_HAS_SECOND_FACTOR} AS has_second_factor, {STATE} AS state
    FROM users u JOIN accounts a ON a.id = u.account_id JOIN roles r ON r.id = u.role_id
"""


async def insert_user(db: Database, account_id: int, new: NewUser) -> None:
    """The sign-in of a new account.

    Raises asyncpg.UniqueViolationError (users_email_unique) for an address that is taken.
    """
    await db.execute(
        """
        INSERT INTO users (account_id, email, password_hash, role_id, locale, confirmed_at,
            approved_at, sign_up_reason, sign_up_ip, invite_id, created_by_app_id, age_verified_at,
            time_zone)
        VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN now() END, CASE WHEN $7 THEN now() END, $8,
            nullif($9::text, '')::inet, $10, $11, CASE WHEN $12 THEN now() END, $13)
        """,
        account_id,
        new.email,
        new.password_hash,
        new.role_id,
        new.locale,
        new.is_confirmed,
        new.is_approved,
        new.reason,
        new.ip,
        new.invite_id,
        new.app_id,
        new.is_age_verified,
        new.time_zone,
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


async def set_password(db: Database, account_id: int, password_hash: str | None) -> None:
    """Replace the password; None: none opens the account."""
    await db.execute(
        "UPDATE users SET password_hash = $2 WHERE account_id = $1", account_id, password_hash
    )


async def set_unconfirmed_email(db: Database, account_id: int, email: str | None) -> None:
    """The address that a member wants, until it is confirmed; None takes the wish back."""
    await db.execute(
        "UPDATE users SET unconfirmed_email = $2 WHERE account_id = $1", account_id, email
    )


async def set_email(db: Database, account_id: int, email: str) -> None:
    """Another address.

    Raises asyncpg.UniqueViolationError (users_email_unique) for an address that is taken.
    """
    await db.execute(
        "UPDATE users SET email = $2, unconfirmed_email = NULL WHERE account_id = $1",
        account_id,
        email,
    )


async def confirm(db: Database, account_id: int, email: str) -> bool:
    """The member's address is this one, and theirs; gives whether none of theirs was before.

    Raises asyncpg.UniqueViolationError (users_email_unique) for an address that is taken.
    """
    return bool(
        await db.fetchval(
            """
            WITH before AS (SELECT * FROM users WHERE account_id = $1 FOR UPDATE)
            UPDATE users u SET email = $2, confirmed_at = coalesce(u.confirmed_at, now()),
                unconfirmed_email = NULL
            FROM before WHERE u.account_id = before.account_id
            RETURNING before.confirmed_at IS NULL
            """,
            account_id,
            email,
        )
    )


async def approve(db: Database, account_id: int) -> bool:
    """Let somebody in who waited for it; gives whether they did."""
    tag = await db.execute(
        "UPDATE users SET approved_at = now() WHERE account_id = $1 AND approved_at IS NULL",
        account_id,
    )
    return affected(tag) > 0


async def get_time_zone(db: Database, account_id: int) -> str:
    """The clock that a member has chosen; "" for none."""
    name = await db.fetchval("SELECT time_zone FROM users WHERE account_id = $1", account_id)
    return name or ""


async def note_sign_in(db: Database, account_id: int, ip: str) -> None:
    """The member signed in now, from there."""
    await db.execute(
        """
        UPDATE users SET last_sign_in_at = now(), last_sign_in_ip = nullif($2::text, '')::inet
        WHERE account_id = $1
        """,
        account_id,
        ip,
    )


async def get_preferences(db: Database, account_id: int) -> Preferences:
    """Defaults of a member."""
    row = await db.fetchrow(
        """
        SELECT default_visibility, default_sensitive, default_language, default_quote_policy,
            default_content_type, expand_media, expand_spoilers, autoplay_gifs, locale,
            a.silenced_at IS NOT NULL AS is_limited
        FROM users u JOIN accounts a ON a.id = u.account_id WHERE u.account_id = $1
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
