"""Accounts as moderators see and find them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface

from server.errors import NotFound
from server.store.account_views import AccountView, load_account_views
from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first

Ip = IPv4Address | IPv6Address | IPv4Interface | IPv6Interface


@dataclass(frozen=True, slots=True)
class SignIn:
    """What only members have."""

    account_id: int
    email: str
    locale: str
    reason: str | None
    is_confirmed: bool
    is_approved: bool
    is_disabled: bool
    created_by_app_id: int | None
    invited_by_id: int | None


@dataclass(frozen=True, slots=True)
class AdminView:
    """An account, its sign-in when it is a member's, and the addresses that it came from."""

    view: AccountView
    sign_in: SignIn | None
    ips: Sequence[tuple[Ip, datetime]]  # the latest first


@dataclass(frozen=True, slots=True)
class Search:
    """Which accounts; None and empty mean any. Names and addresses match by their beginning."""

    origin: str | None = None  # local, remote
    status: str | None = None  # active, pending, disabled, silenced, suspended, sensitized
    allowed: int = 0  # bits of which the role has one (identity/permissions.py)
    role_ids: Sequence[int] = ()
    invited_by: int | None = None
    username: str | None = None
    display_name: str | None = None
    by_domain: str | None = None
    email: str | None = None
    ip: str | None = None  # an address or a network
    ids: Sequence[int] = ()


_STATUS = """CASE $2::text
    WHEN 'active' THEN a.suspended_at IS NULL
    WHEN 'pending' THEN u.account_id IS NOT NULL AND u.approved_at IS NULL
    WHEN 'disabled' THEN u.disabled_at IS NOT NULL AND a.suspended_at IS NULL
    WHEN 'silenced' THEN a.silenced_at IS NOT NULL
    WHEN 'suspended' THEN a.suspended_at IS NOT NULL
    WHEN 'sensitized' THEN a.sensitized_at IS NOT NULL
    ELSE true END"""
_IPS = """
    SELECT account_id, sign_up_ip AS ip, created_at AS used_at FROM users
    WHERE sign_up_ip IS NOT NULL
    UNION ALL
    SELECT account_id, last_sign_in_ip, last_sign_in_at FROM users
    WHERE last_sign_in_ip IS NOT NULL AND last_sign_in_at IS NOT NULL
    UNION ALL
    SELECT account_id, ip, last_seen_at FROM sessions WHERE ip IS NOT NULL"""


async def search_page(db: Database, search: Search, page: Page) -> list[int]:
    """Ids of the accounts, the latest first; nobody who is gone, and not the instance itself."""
    rows = await db.fetch(
        f"""
        SELECT a.id FROM accounts a LEFT JOIN users u ON u.account_id = a.id
        LEFT JOIN roles r ON r.id = u.role_id LEFT JOIN invites i ON i.id = u.invite_id
        WHERE NOT (a.domain IS NULL AND a.actor_type = 'Application') AND a.erased_at IS NULL
          AND CASE $1::text WHEN 'local' THEN a.domain IS NULL
                            WHEN 'remote' THEN a.domain IS NOT NULL ELSE true END
          AND {_STATUS} AND ($3::bigint = 0 OR granted(r) & $3 <> 0)
          AND (cardinality($4::bigint[]) = 0 OR u.role_id = ANY($4))
          AND ($5::bigint IS NULL OR i.account_id = $5)
          AND ($6::text IS NULL OR starts_with(lower(a.username), lower($6)))
          AND ($7::text IS NULL OR starts_with(lower(a.display_name), lower($7)))
          AND ($8::text IS NULL OR a.domain = lower($8))
          AND ($9::text IS NULL OR starts_with(lower(u.email), lower($9)))
          AND ($10::inet IS NULL OR a.id IN (SELECT account_id FROM ({_IPS}) x WHERE x.ip <<= $10))
          AND (cardinality($11::bigint[]) = 0 OR a.id = ANY($11)) {bounds(page, "a.id", 12)}
        """,
        search.origin,
        search.status,
        search.allowed,
        list(search.role_ids),
        search.invited_by,
        search.username,
        search.display_name,
        search.by_domain,
        search.email,
        search.ip,
        list(search.ids),
        *arguments(page),
    )
    return [row["id"] for row in newest_first(rows, page)]


async def load_admin_views(db: Database, ids: Iterable[int]) -> dict[int, AdminView]:
    """Views by id; unknown ids are left out. Two queries more than the accounts themselves."""
    views = await load_account_views(db, ids)
    rows = await db.fetch(
        """
        SELECT u.account_id, u.email, u.locale, u.sign_up_reason AS reason,
               u.confirmed_at IS NOT NULL AS is_confirmed,
               u.approved_at IS NOT NULL AS is_approved,
               u.disabled_at IS NOT NULL AS is_disabled,
               u.created_by_app_id, i.account_id AS invited_by_id
        FROM users u LEFT JOIN invites i ON i.id = u.invite_id WHERE u.account_id = ANY($1)
        """,
        list(views),
    )
    used = await db.fetch(
        f"""
        SELECT account_id, ip, max(used_at) AS used_at FROM ({_IPS}) x WHERE account_id = ANY($1)
        GROUP BY account_id, ip ORDER BY used_at DESC
        """,
        list(views),
    )
    users = {row["account_id"]: SignIn(**row) for row in rows}
    ips: dict[int, list[tuple[Ip, datetime]]] = {}
    for row in used:
        ips.setdefault(row["account_id"], []).append((row["ip"], row["used_at"]))
    return {id_: AdminView(view, users.get(id_), ips.get(id_, ())) for id_, view in views.items()}


async def get_admin_view(db: Database, account_id: int) -> AdminView:
    """Raises NotFound."""
    found = await load_admin_views(db, [account_id])
    if account_id not in found:
        raise NotFound
    return found[account_id]
