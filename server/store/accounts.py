"""Accounts, ours and remote."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from server.errors import NotFound
from server.store.database import Database


@dataclass(frozen=True, slots=True)
class Account:
    """A row of accounts; `domain` is None for our own, `url` and the inboxes then too."""

    id: int
    username: str
    domain: str | None
    uri: str
    url: str | None
    actor_type: str
    display_name: str
    note: str
    note_text: str
    fields: list[dict[str, Any]]
    avatar_file: str | None
    avatar_remote_url: str | None
    avatar_description: str
    header_file: str | None
    header_remote_url: str | None
    header_description: str
    emojis: list[dict[str, str]]
    locked: bool
    bot: bool
    discoverable: bool
    indexable: bool
    hide_collections: bool
    memorial: bool
    inbox_url: str | None
    shared_inbox_url: str | None
    outbox_url: str | None
    followers_url: str | None
    following_url: str | None
    featured_url: str | None
    also_known_as: list[str]
    attribution_domains: list[str]
    moved_to_id: int | None
    revision: int
    created_at: datetime
    fetched_at: datetime | None
    silenced_at: datetime | None
    suspended_at: datetime | None
    erased_at: datetime | None
    sensitized_at: datetime | None
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    collections_url: str | None
    feature_automatic: list[str] | None
    feature_manual: list[str] | None

    @property
    def is_local(self) -> bool:
        """Whether it is one of ours."""
        return self.domain is None

    @property
    def acct(self) -> str:
        """`name` for ours, `name@domain` for others (Mastodon API)."""
        return self.username if self.domain is None else f"{self.username}@{self.domain}"


COLUMNS = ", ".join(f"a.{f.name}" for f in fields(Account))


# Who has yet to confirm an address or to be let in is found by nobody.
JOINED = """NOT EXISTS (SELECT FROM users u WHERE u.account_id = a.id
                AND (u.confirmed_at IS NULL OR u.approved_at IS NULL))"""


async def find_account(db: Database, account_id: int) -> Account | None:
    """The account with that id, suspended ones included."""
    return _account(
        await db.fetchrow(f"SELECT {COLUMNS} FROM accounts a WHERE id = $1", account_id)
    )


async def get_account(db: Database, account_id: int) -> Account:
    """As find_account. Raises NotFound."""
    account = await find_account(db, account_id)
    if account is None:
        raise NotFound
    return account


async def get_joined(db: Database, account_id: int) -> Account:
    """As get_account; who waits is not found either."""
    row = await db.fetchrow(
        f"SELECT {COLUMNS} FROM accounts a WHERE id = $1 AND {JOINED}", account_id
    )
    if row is None:
        raise NotFound
    return Account(**row)


async def find_by_uri(db: Database, uri: str) -> Account | None:
    """The account whose actor has that id."""
    return _account(
        await db.fetchrow(f"SELECT {COLUMNS} FROM accounts a WHERE uri = $1 AND {JOINED}", uri)
    )


async def find_uri(db: Database, account_id: int | None) -> str | None:
    """The id of an account's actor; nobody has none."""
    if account_id is None:
        return None
    uri: str | None = await db.fetchval("SELECT uri FROM accounts WHERE id = $1", account_id)
    return uri


async def find_by_handle(db: Database, username: str, domain: str | None) -> Account | None:
    """The account of a handle, in any case of letters; domain None means ours."""
    return _account(
        await db.fetchrow(
            f"""
            SELECT {COLUMNS} FROM accounts a
            WHERE lower(username) = lower($1)
              AND coalesce(lower(domain), '') = coalesce(lower($2), '') AND {JOINED}
            """,
            username,
            domain,
        )
    )


def _account(row: Any) -> Account | None:
    return None if row is None else Account(**row)


async def find_by_handles(db: Database, handles: Sequence[tuple[str, str | None]]) -> list[Account]:
    """The known accounts of several handles (names in lower case), suspended ones left out."""
    rows = await db.fetch(
        f"""
        SELECT {COLUMNS} FROM unnest($1::text[], $2::text[]) AS h (username, domain)
        JOIN accounts a ON lower(a.username) = h.username
            AND coalesce(lower(a.domain), '') = coalesce(h.domain, '')
        WHERE a.suspended_at IS NULL AND {JOINED}
        """,
        [username for username, _ in handles],
        [domain for _, domain in handles],
    )
    return [Account(**row) for row in rows]


async def list_accounts(db: Database, ids: Collection[int]) -> list[Account]:
    """Accounts by id, in no order."""
    rows = await db.fetch(f"SELECT {COLUMNS} FROM accounts a WHERE id = ANY($1)", list(ids))
    return [Account(**row) for row in rows]


async def list_by_uris(db: Database, uris: Sequence[str]) -> list[Account]:
    """The known accounts among these actor ids."""
    if not uris:
        return []
    rows = await db.fetch(f"SELECT {COLUMNS} FROM accounts a WHERE uri = ANY($1)", list(uris))
    return [Account(**row) for row in rows]


async def find_by_uri_or_url(db: Database, address: str) -> Account | None:
    """The remote account with that id, or with that page on the host of its id."""
    return _account(
        await db.fetchrow(
            f"""
            SELECT {COLUMNS} FROM accounts a
            WHERE domain IS NOT NULL AND (
                uri = $1 OR (url = $1 AND split_part(url, '/', 3) = split_part(uri, '/', 3)))
            LIMIT 1
            """,
            address,
        )
    )
