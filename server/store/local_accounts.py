"""Accounts of our own as they come and go."""

from server.addresses import Addresses
from server.store import suspensions
from server.store.accounts import COLUMNS, Account
from server.store.database import Database, affected


async def insert_local_account(
    db: Database, addresses: Addresses, username: str, actor_type: str = "Person"
) -> Account:
    """A new account with its counts at zero; its uri is minted here and never changes.

    Raises asyncpg.UniqueViolationError (accounts_handle_unique) for a handle that is taken.
    """
    row = await db.fetchrow(
        f"""
        WITH a AS (
            INSERT INTO accounts (id, username, uri, actor_type, discoverable)
            SELECT id, $1, $2 || id, $3, $3 = 'Person' FROM (SELECT new_id() AS id) new
            RETURNING *),
        stats AS (INSERT INTO account_stats (account_id) SELECT id FROM a)
        SELECT {COLUMNS} FROM a
        """,
        username,
        addresses.account_uri(0).removesuffix("0"),
        actor_type,
    )
    return Account(**row)


async def find_instance_actor(db: Database) -> Account | None:
    """The account that signs for the instance itself."""
    row = await db.fetchrow(
        f"SELECT {COLUMNS} FROM accounts a WHERE domain IS NULL AND actor_type = 'Application'"
    )
    return None if row is None else Account(**row)


async def insert_key(
    db: Database, uri: str, account_id: int, public_pem: str, private_sealed: bytes
) -> None:
    """The key with which an account of ours signs."""
    await db.execute(
        """
        INSERT INTO actor_keys (uri, account_id, public_pem, private_sealed)
        VALUES ($1, $2, $3, $4)
        """,
        uri,
        account_id,
        public_pem,
        private_sealed,
    )


async def set_suspended(db: Database, account_id: int, *, is_suspended: bool) -> bool:
    """Suspend an account or bring it back; nothing of it is deleted. Gives whether it was not so.

    Who is gone for good does not come back. Of one that its own server suspended, ours decide from
    now on.
    """
    tag = await db.execute(
        """
        UPDATE accounts SET suspended_at = CASE WHEN $2 THEN now() END, suspended_by_home = false,
            revision = revision + 1
        WHERE id = $1 AND ((suspended_at IS NOT NULL) <> $2 OR suspended_by_home)
          AND erased_at IS NULL
        """,
        account_id,
        is_suspended,
    )
    if not affected(tag):
        return False
    await suspensions.follow(db, [account_id])
    return True


async def count_local(db: Database) -> tuple[int, int, int, int]:
    """Members, those who posted in a month and in half a year, and local statuses (NodeInfo)."""
    row = await db.fetchrow(
        """
        SELECT count(*),
            count(*) FILTER (WHERE last_status_at > now() - interval '1 month'),
            count(*) FILTER (WHERE last_status_at > now() - interval '6 months'),
            coalesce(sum(statuses_count), 0)
        -- Member by member (OFFSET 0): joined otherwise, those of all accounts are read.
        FROM users LEFT JOIN LATERAL (
            SELECT last_status_at, statuses_count FROM account_stats st
            WHERE st.account_id = users.account_id OFFSET 0) stats ON true
        WHERE confirmed_at IS NOT NULL AND approved_at IS NOT NULL
        """
    )
    return tuple(row)
