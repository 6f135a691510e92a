"""Whose notifications members take, and the requests of those whom the policy keeps away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server.store.database import Database, affected
from server.store.pages import Page, arguments, bounds, newest_first
from server.store.visibility import visible

CHOICES = ("accept", "filter", "drop")


@dataclass(frozen=True, slots=True)
class Policy:
    """What happens to notifications of some kinds of senders: one of CHOICES each."""

    for_not_following: str = "accept"
    for_not_followers: str = "accept"
    for_new_accounts: str = "accept"
    for_private_mentions: str = "filter"
    for_limited_accounts: str = "filter"
    for_bots: str = "accept"


@dataclass(frozen=True, slots=True)
class Request:
    """Notifications of one sender that wait for the member's word, and the last post that they tell
    of, if the member may see it.
    """

    id: int
    from_account_id: int
    last_status_id: int | None
    created_at: datetime
    updated_at: datetime
    count: int


_REQUEST = f"""
    SELECT r.id, r.from_account_id,
        (SELECT s.id FROM statuses s WHERE s.id = r.last_status_id
           AND {visible("s", "r.account_id")}) AS last_status_id,
        r.created_at, r.updated_at,
        (SELECT count(*) FROM notifications n WHERE n.account_id = r.account_id
           AND n.from_account_id = r.from_account_id AND n.filtered) AS count
    FROM notification_requests r
    JOIN accounts a ON a.id = r.from_account_id AND a.suspended_at IS NULL
"""


async def get_policy(db: Database, account_id: int) -> Policy:
    """A member's policy, or the one of who never chose."""
    row = await db.fetchrow(
        """
        SELECT for_not_following, for_not_followers, for_new_accounts, for_private_mentions,
               for_limited_accounts, for_bots
        FROM notification_policies WHERE account_id = $1
        """,
        account_id,
    )
    return Policy() if row is None else Policy(**row)


async def put_policy(db: Database, account_id: int, policy: Policy) -> None:
    """Write a member's policy."""
    await db.execute(
        """
        INSERT INTO notification_policies (account_id, for_not_following, for_not_followers,
            for_new_accounts, for_private_mentions, for_limited_accounts, for_bots)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (account_id) DO UPDATE SET for_not_following = $2, for_not_followers = $3,
            for_new_accounts = $4, for_private_mentions = $5, for_limited_accounts = $6,
            for_bots = $7
        """,
        account_id,
        policy.for_not_following,
        policy.for_not_followers,
        policy.for_new_accounts,
        policy.for_private_mentions,
        policy.for_limited_accounts,
        policy.for_bots,
    )


async def count_pending(db: Database, account_id: int) -> tuple[int, int]:
    """How many requests wait, and how many notifications in them."""
    row = await db.fetchrow(
        """
        SELECT (SELECT count(*) FROM notification_requests WHERE account_id = $1),
               (SELECT count(*) FROM notifications WHERE account_id = $1 AND filtered)
        """,
        account_id,
    )
    return row[0], row[1]


async def request_page(db: Database, account_id: int, page: Page) -> list[Request]:
    """Requests, the latest made first."""
    rows = await db.fetch(
        f"{_REQUEST} WHERE r.account_id = $1 {bounds(page, 'r.id', 2)}",
        account_id,
        *arguments(page),
    )
    return [Request(**row) for row in newest_first(rows, page)]


async def find_request(db: Database, account_id: int, request_id: int) -> Request | None:
    """One of a member's own."""
    row = await db.fetchrow(
        f"{_REQUEST} WHERE r.account_id = $1 AND r.id = $2", account_id, request_id
    )
    return None if row is None else Request(**row)


async def upsert_requests(
    db: Database, account_ids: Sequence[int], from_account_id: int, status_id: int | None
) -> None:
    """Notifications of a sender were filtered: let the recipients know that they wait."""
    await db.execute(
        """
        INSERT INTO notification_requests (account_id, from_account_id, last_status_id)
        SELECT unnest($1::bigint[]), $2, $3
        ON CONFLICT ON CONSTRAINT notification_requests_unique DO UPDATE
        SET updated_at = now(),
            last_status_id = coalesce(excluded.last_status_id,
                                      notification_requests.last_status_id)
        """,
        list(account_ids),
        from_account_id,
        status_id,
    )


async def accept_requests(db: Database, account_id: int, request_ids: Sequence[int]) -> int:
    """Take these senders' notifications from now on, those that wait included; gives how many."""
    tag = await db.execute(
        """
        WITH accepted AS (
            DELETE FROM notification_requests WHERE account_id = $1 AND id = ANY($2)
            RETURNING from_account_id),
        allowed AS (
            INSERT INTO notification_permissions (account_id, from_account_id)
            SELECT $1, from_account_id FROM accepted ON CONFLICT DO NOTHING),
        shown AS (
            UPDATE notifications SET filtered = false
            WHERE account_id = $1 AND filtered
              AND from_account_id IN (SELECT from_account_id FROM accepted))
        SELECT FROM accepted
        """,
        account_id,
        list(request_ids),
    )
    return affected(tag)


async def dismiss_requests(db: Database, account_id: int, request_ids: Sequence[int]) -> int:
    """Delete requests with the notifications that wait; gives how many requests."""
    tag = await db.execute(
        """
        WITH dismissed AS (
            DELETE FROM notification_requests WHERE account_id = $1 AND id = ANY($2)
            RETURNING from_account_id),
        gone AS (
            DELETE FROM notifications WHERE account_id = $1 AND filtered
              AND from_account_id IN (SELECT from_account_id FROM dismissed))
        SELECT FROM dismissed
        """,
        account_id,
        list(request_ids),
    )
    return affected(tag)
