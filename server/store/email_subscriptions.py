"""Who gets a member's public posts by mail without having an account."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.store.database import Database

# The permission for it (identity/permissions.py, MANAGE_EMAIL_SUBSCRIPTIONS).
_BIT = 1 << 22
# Whether the user `users` with the role `roles` lets others get posts by mail.
IS_OPEN = f"(users.email_subscriptions AND granted(roles) & {_BIT} <> 0)"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where posts go to."""

    id: int
    email: str
    locale: str


async def is_open(db: Database, account_id: int) -> bool:
    """Whether others may subscribe to an account: a member who wants it, may, and is there."""
    return bool(
        await db.fetchval(
            f"""
            SELECT {IS_OPEN} FROM users JOIN roles ON roles.id = users.role_id
            JOIN accounts ON accounts.id = users.account_id
            WHERE users.account_id = $1 AND users.disabled_at IS NULL
              AND users.confirmed_at IS NOT NULL AND users.approved_at IS NOT NULL
              AND accounts.suspended_at IS NULL AND accounts.moved_to_id IS NULL
            """,
            account_id,
        )
    )


async def put(db: Database, account_id: int, email: str, locale: str) -> int | None:
    """A subscription that waits for its confirmation; None when it was confirmed before."""
    found: int | None = await db.fetchval(
        """
        INSERT INTO email_subscriptions AS s (account_id, email, locale)
        VALUES ($1, lower($2), $3)
        ON CONFLICT ON CONSTRAINT email_subscriptions_unique
            DO UPDATE SET locale = excluded.locale WHERE s.confirmed_at IS NULL
        RETURNING id
        """,
        account_id,
        email,
        locale,
    )
    return found


async def find_author(db: Database, subscription_id: int) -> int | None:
    """Whose posts a subscription is for; None when it has ended."""
    found: int | None = await db.fetchval(
        "SELECT account_id FROM email_subscriptions WHERE id = $1", subscription_id
    )
    return found


async def confirm(db: Database, subscription_id: int) -> None:
    """The address is the subscriber's; once is enough."""
    await db.execute(
        """
        UPDATE email_subscriptions SET confirmed_at = coalesce(confirmed_at, now()) WHERE id = $1
        """,
        subscription_id,
    )


async def delete(db: Database, subscription_id: int) -> None:
    """No more mails."""
    await db.execute("DELETE FROM email_subscriptions WHERE id = $1", subscription_id)


async def list_confirmed(
    db: Database, account_id: int, after_id: int, limit: int
) -> list[Subscription]:
    """Those to whom posts go, from an id on."""
    rows = await db.fetch(
        """
        SELECT id, email, locale FROM email_subscriptions
        WHERE account_id = $1 AND confirmed_at IS NOT NULL AND id > $2 ORDER BY id LIMIT $3
        """,
        account_id,
        after_id,
        limit,
    )
    return [Subscription(**row) for row in rows]


async def count_confirmed(db: Database, account_id: int) -> int:
    """How many get a member's posts."""
    return int(
        await db.fetchval(
            """
            SELECT count(*) FROM email_subscriptions
            WHERE account_id = $1 AND confirmed_at IS NOT NULL
            """,
            account_id,
        )
    )


async def take_of_address(db: Database, email: str) -> Sequence[int]:
    """End all confirmed subscriptions of an address; gives whose posts they were for."""
    rows = await db.fetch(
        """
        DELETE FROM email_subscriptions WHERE email = lower($1) AND confirmed_at IS NOT NULL
        RETURNING account_id
        """,
        email,
    )
    return [row["account_id"] for row in rows]


async def list_posts(db: Database, account_id: int, from_id: int, limit: int) -> list[int]:
    """What is mailed of a member's posts from an id on: public ones that answer nobody else."""
    rows = await db.fetch(
        """
        SELECT id FROM statuses
        WHERE account_id = $1 AND id >= $2 AND visibility = 'public' AND boost_of_id IS NULL
          AND NOT local_only AND in_reply_to_uri IS NULL
          AND coalesce(in_reply_to_account_id, $1) = $1 AND imported_from IS NULL
        ORDER BY id LIMIT $3
        """,
        account_id,
        from_id,
        limit,
    )
    return [row["id"] for row in rows]
