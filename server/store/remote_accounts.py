"""Accounts of other instances as we know them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from server.store.accounts import COLUMNS, Account
from server.store.database import Database


@dataclass(frozen=True, slots=True)
class RemoteAccount:
    """What an actor document says, cleaned."""

    uri: str
    username: str
    domain: str
    url: str | None
    actor_type: str
    display_name: str
    note: str
    fields: list[dict[str, str | None]]
    avatar_remote_url: str | None
    avatar_description: str
    header_remote_url: str | None
    header_description: str
    emojis: list[dict[str, str]]
    locked: bool
    bot: bool
    discoverable: bool
    indexable: bool
    memorial: bool
    inbox_url: str
    shared_inbox_url: str | None
    outbox_url: str | None
    followers_url: str | None
    following_url: str | None
    featured_url: str | None
    also_known_as: list[str]
    created_at: datetime
    attribution_domains: list[str] = field(default_factory=list)
    collections_url: str | None = None
    feature_automatic: list[str] | None = None
    feature_manual: list[str] | None = None
    show_media: bool = True
    show_media_replies: bool = True
    show_featured: bool = True


# $27 are the ids of its keys, $28 the keys.
_UPSERT = f"""
    WITH a AS (
        INSERT INTO accounts (uri, username, domain, url, actor_type, display_name, note,
            fields, avatar_remote_url, avatar_description, header_remote_url,
            header_description, emojis, locked, bot, discoverable, indexable, memorial,
            inbox_url, shared_inbox_url, outbox_url, followers_url, following_url,
            featured_url, also_known_as, created_at, attribution_domains, fetched_at,
            collections_url, feature_automatic, feature_manual, show_media,
            show_media_replies, show_featured)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
            $18, $19, $20, $21, $22, $23, $24, $25, $26, $29, now(), $30, $31, $32,
            $33, $34, $35)
        ON CONFLICT ON CONSTRAINT accounts_uri_unique DO UPDATE SET
            username = $2, domain = $3, url = $4, actor_type = $5, display_name = $6,
            note = $7, fields = $8, avatar_remote_url = $9, avatar_description = $10,
            header_remote_url = $11, header_description = $12, emojis = $13, locked = $14,
            bot = $15, discoverable = $16, indexable = $17, memorial = $18, inbox_url = $19,
            shared_inbox_url = $20, outbox_url = $21, followers_url = $22,
            following_url = $23, featured_url = $24, also_known_as = $25,
            attribution_domains = $29, fetched_at = now(), collections_url = $30,
            feature_automatic = $31, feature_manual = $32, show_media = $33,
            show_media_replies = $34, show_featured = $35, revision = accounts.revision + 1
        WHERE accounts.domain IS NOT NULL
        RETURNING *),
    stats AS (
        INSERT INTO account_stats (account_id) SELECT id FROM a ON CONFLICT DO NOTHING),
    gone AS (
        DELETE FROM actor_keys USING a WHERE account_id = a.id AND actor_keys.uri <> ALL($27)),
    keys AS (
        INSERT INTO actor_keys (uri, account_id, public_pem)
        SELECT k.uri, a.id, k.pem FROM a, unnest($27::text[], $28::text[]) AS k (uri, pem)
        ON CONFLICT (uri) DO UPDATE SET public_pem = excluded.public_pem
        WHERE actor_keys.account_id = excluded.account_id)
    SELECT {COLUMNS} FROM a
"""


async def upsert_remote_account(
    db: Database, account: RemoteAccount, keys: Sequence[tuple[str, str]]
) -> Account:
    """Write what an actor says of itself now, with its keys as (id, PEM); others' keys stay theirs.

    Whoever had the handle before under another id gives it up: WebFinger names this one.
    """
    await db.execute(
        """
        UPDATE accounts SET username = username || '_' || id, revision = revision + 1
        WHERE lower(username) = lower($1) AND lower(domain) = lower($2) AND uri <> $3
        """,
        account.username,
        account.domain,
        account.uri,
    )
    row = await db.fetchrow(
        _UPSERT,
        account.uri, account.username, account.domain, account.url, account.actor_type,
        account.display_name, account.note, account.fields, account.avatar_remote_url,
        account.avatar_description, account.header_remote_url, account.header_description,
        account.emojis, account.locked, account.bot, account.discoverable, account.indexable,
        account.memorial, account.inbox_url, account.shared_inbox_url, account.outbox_url,
        account.followers_url, account.following_url, account.featured_url,
        account.also_known_as, account.created_at, [uri for uri, _ in keys],
        [pem for _, pem in keys], account.attribution_domains, account.collections_url,
        account.feature_automatic, account.feature_manual, account.show_media,
        account.show_media_replies, account.show_featured,
    )  # fmt: skip
    return Account(**row)


async def delete_remote_account(db: Database, account_id: int) -> None:
    """Delete an account of somebody else's with all that it posted; counts of others follow."""
    await db.execute(
        """
        WITH ended AS (DELETE FROM follows WHERE account_id = $1 OR target_id = $1
                       RETURNING account_id, target_id),
        fewer AS (
            SELECT account_id, sum(followers) AS followers, sum(following) AS following,
                   sum(posts) AS posts
            FROM (SELECT target_id AS account_id, 1 AS followers, 0 AS following, 0 AS posts
                  FROM ended
                  UNION ALL SELECT account_id, 0, 1, 0 FROM ended
                  UNION ALL SELECT b.account_id, 0, 0, 1 FROM statuses b
                            JOIN statuses o ON o.id = b.boost_of_id WHERE o.account_id = $1) lost
            GROUP BY account_id),
        people AS (
            UPDATE account_stats s SET
                followers_count = greatest(0, s.followers_count - fewer.followers),
                following_count = greatest(0, s.following_count - fewer.following),
                statuses_count = greatest(0, s.statuses_count - fewer.posts)
            FROM fewer WHERE s.account_id = fewer.account_id),
        unmarked AS (
            SELECT id, sum(favourites) AS favourites, sum(boosts) AS boosts,
                   sum(replies) AS replies
            FROM (SELECT status_id AS id, 1 AS favourites, 0 AS boosts, 0 AS replies
                  FROM favourites WHERE account_id = $1
                  UNION ALL SELECT boost_of_id, 0, 1, 0 FROM statuses WHERE account_id = $1
                  UNION ALL SELECT in_reply_to_id, 0, 0, 1 FROM statuses
                            WHERE account_id = $1 AND visibility IN ('public', 'unlisted')) lost
            GROUP BY id),
        posts AS (
            UPDATE status_stats s SET
                favourites_count = greatest(0, s.favourites_count - unmarked.favourites),
                boosts_count = greatest(0, s.boosts_count - unmarked.boosts),
                replies_count = greatest(0, s.replies_count - unmarked.replies)
            FROM unmarked WHERE s.status_id = unmarked.id)
        DELETE FROM accounts WHERE id = $1 AND domain IS NOT NULL
        """,
        account_id,
    )


async def concerns_us(db: Database, account_id: int) -> bool:
    """Whether a member follows the account."""
    return bool(
        await db.fetchval(
            """
            SELECT EXISTS (SELECT FROM follows f JOIN users u ON u.account_id = f.account_id
                           WHERE f.target_id = $1)
            """,
            account_id,
        )
    )
