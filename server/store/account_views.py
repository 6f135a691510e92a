"""All that showing accounts needs, for any number of them in two queries."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from server.errors import NotFound
from server.store.accounts import COLUMNS, Account
from server.store.database import Database
from server.store.email_subscriptions import IS_OPEN
from server.store.roles import AS_JSON, Role


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account with its counts; the account that it moved to is not followed any further."""

    account: Account
    statuses_count: int
    followers_count: int
    following_count: int
    last_status_at: datetime | None
    role: Role | None  # of a local account's user
    is_mailed: bool  # others may follow by mail
    moved_to: "AccountView | None" = None


async def load_account_views(db: Database, ids: Iterable[int]) -> dict[int, AccountView]:
    """Views by id; unknown ids are left out. One query, and a second when somebody has moved."""
    views = await _load(db, ids)
    moved_to = {id_: v.account.moved_to_id for id_, v in views.items() if v.account.moved_to_id}
    if moved_to:
        targets = await _load(db, moved_to.values())
        for id_, target in moved_to.items():
            views[id_] = replace(views[id_], moved_to=targets.get(target))
    return views


async def get_account_view(db: Database, account_id: int) -> AccountView:
    """The view of one account. Raises NotFound."""
    views = await load_account_views(db, [account_id])
    if account_id not in views:
        raise NotFound
    return views[account_id]


async def _load(db: Database, ids: Iterable[int]) -> dict[int, AccountView]:
    rows = await db.fetch(
        f"""
        SELECT {COLUMNS}, {AS_JSON} AS role, stats.last_status_at,
               coalesce({IS_OPEN}, false) AS is_mailed,
               coalesce(stats.statuses_count, 0) AS statuses_count,
               coalesce(stats.followers_count, 0) AS followers_count,
               coalesce(stats.following_count, 0) AS following_count
        FROM accounts a
        LEFT JOIN account_stats stats ON stats.account_id = a.id
        LEFT JOIN users ON users.account_id = a.id
        LEFT JOIN roles ON roles.id = users.role_id
        WHERE a.id = ANY($1)
        """,
        list(set(ids)),
    )
    return {row["id"]: _view(dict(row)) for row in rows}


def _view(row: dict[str, Any]) -> AccountView:
    extra: dict[str, Any] = {
        name: row.pop(name)
        for name in (
            "role",
            "is_mailed",
            "last_status_at",
            "statuses_count",
            "followers_count",
            "following_count",
        )
    }
    role = extra.pop("role")
    return AccountView(Account(**row), role=Role(**role) if role else None, **extra)
