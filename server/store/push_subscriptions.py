"""Where apps want to be woken, and for what."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.store.database import Database

# What a subscription can name: Mastodon 4.6's kinds, Pleroma's one and those of GoToSocial.
ALERTS = (
    "mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update",
    "severed_relationships", "moderation_warning", "annual_report", "admin.sign_up",
    "admin.report", "quote", "quoted_update", "added_to_collection", "collection_update",
    "pleroma:emoji_reaction", "pending.reply", "pending.favourite", "pending.reblog",
)  # fmt: skip
POLICIES = ("all", "followed", "follower", "none")


@dataclass(frozen=True, slots=True)
class PushSubscription:
    """What its app may see of a row of push_subscriptions."""

    id: int
    endpoint: str
    standard: bool
    alerts: list[str]
    policy: str


@dataclass(frozen=True, slots=True)
class PushTarget:
    """What sending needs: whose it is, and how to write to it."""

    id: int
    account_id: int
    locale: str
    token_id: int
    token_sealed: bytes
    endpoint: str
    p256dh: bytes
    auth_sealed: bytes
    standard: bool


_COLUMNS = "id, endpoint, standard, alerts, policy"


async def upsert_subscription(
    db: Database,
    token_id: int,
    token_sealed: bytes,
    endpoint: str,
    p256dh: bytes,
    auth_sealed: bytes,
    *,
    standard: bool,
    alerts: Sequence[str],
    policy: str,
) -> PushSubscription:
    """The token's one subscription, new or in place of the one that it had.

    Raises asyncpg.ForeignKeyViolationError for a token that was revoked meanwhile.
    """
    row = await db.fetchrow(
        f"""
        INSERT INTO push_subscriptions AS p
            (token_id, token_sealed, endpoint, p256dh, auth_sealed, standard, alerts, policy)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT ON CONSTRAINT push_subscriptions_token_unique DO UPDATE SET
            token_sealed = excluded.token_sealed, endpoint = excluded.endpoint,
            p256dh = excluded.p256dh, auth_sealed = excluded.auth_sealed,
            standard = excluded.standard, alerts = excluded.alerts, policy = excluded.policy
        RETURNING {_COLUMNS}
        """,
        token_id,
        token_sealed,
        endpoint,
        p256dh,
        auth_sealed,
        standard,
        list(alerts),
        policy,
    )
    return PushSubscription(**row)


async def find_subscription(db: Database, token_id: int) -> PushSubscription | None:
    """The token's subscription."""
    row = await db.fetchrow(
        f"SELECT {_COLUMNS} FROM push_subscriptions WHERE token_id = $1", token_id
    )
    return None if row is None else PushSubscription(**row)


async def update_subscription(
    db: Database, token_id: int, alerts: Sequence[str], policy: str
) -> PushSubscription | None:
    """Change what the token's subscription is for; None when it has none."""
    row = await db.fetchrow(
        f"""
        UPDATE push_subscriptions SET alerts = $2, policy = $3 WHERE token_id = $1
        RETURNING {_COLUMNS}
        """,
        token_id,
        list(alerts),
        policy,
    )
    return None if row is None else PushSubscription(**row)


async def delete_of_token(db: Database, token_id: int) -> None:
    """The app wants to be woken no more."""
    await db.execute("DELETE FROM push_subscriptions WHERE token_id = $1", token_id)


async def delete_unless_replaced(db: Database, subscription_id: int, endpoint: str) -> None:
    """The push service knows this endpoint no more."""
    await db.execute(
        "DELETE FROM push_subscriptions WHERE id = $1 AND endpoint = $2", subscription_id, endpoint
    )


async def list_wanting(
    db: Database, kind: str, from_account_id: int | None, told: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Pairs (subscription, notification) of those who want to be woken.

    `told` are pairs (member, notification) of that kind and from that account.
    """
    rows = await db.fetch(
        """
        SELECT p.id, told.notification_id
        FROM unnest($1::bigint[], $2::bigint[]) AS told (account_id, notification_id)
        JOIN tokens t ON t.account_id = told.account_id
        JOIN push_subscriptions p ON p.token_id = t.id
        WHERE $3 = ANY(p.alerts) AND (p.policy = 'all'
            OR (p.policy = 'followed' AND EXISTS (
                SELECT FROM follows f WHERE f.account_id = told.account_id AND f.target_id = $4))
            OR (p.policy = 'follower' AND EXISTS (
                SELECT FROM follows f WHERE f.account_id = $4 AND f.target_id = told.account_id)))
        """,
        [account_id for account_id, _ in told],
        [notification_id for _, notification_id in told],
        kind,
        from_account_id,
    )
    return [(row["id"], row["notification_id"]) for row in rows]


async def find_target(db: Database, subscription_id: int) -> PushTarget | None:
    """A subscription with what sending needs; None when it is gone or its member may not log in."""
    row = await db.fetchrow(
        """
        SELECT p.id, t.account_id, u.locale, p.token_id, p.token_sealed, p.endpoint, p.p256dh,
               p.auth_sealed, p.standard
        FROM push_subscriptions p JOIN tokens t ON t.id = p.token_id
        JOIN users u ON u.account_id = t.account_id JOIN accounts a ON a.id = t.account_id
        WHERE p.id = $1 AND u.disabled_at IS NULL AND a.suspended_at IS NULL
        """,
        subscription_id,
    )
    return None if row is None else PushTarget(**row)
