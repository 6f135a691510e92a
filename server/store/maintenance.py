"""Rows that have had their time."""

from server.store.database import Database, Pool, by_index

# Beyond this many entries a home or list timeline is cut; older posts stand on profiles.
FEED_LENGTH = 800
MOST_HOSTS = 100_000

# The tombstones of our own stand for ever: their addresses answer "gone".
_EXPIRED = (
    "email_subscriptions WHERE confirmed_at IS NULL AND created_at < now() - interval '7 days'",
    "sessions WHERE expires_at < now()",
    "grants WHERE expires_at < now() - interval '1 day'",
    "one_time_links WHERE expires_at < now() - interval '1 day'",
    "challenges WHERE expires_at < now()",
    "attempts WHERE started_at < now() - interval '1 day'",
    "active_days WHERE day < current_date - 800",
    "ip_blocks WHERE expires_at < now()",
    "email_domain_block_attempts WHERE day < current_date - 7",
    "idempotency_keys WHERE created_at < now() - interval '1 hour'",
    "mutes WHERE expires_at < now()",
    "translations WHERE created_at < now() - interval '30 days'",
    """reported_posts WHERE report_id IN (
        SELECT id FROM reports WHERE action_taken_at < now() - interval '30 days')""",
    "stranger_prints WHERE seen_at < now() - interval '1 day'",
    "hosts WHERE seen_at < now() - interval '30 days'",
    # Names below a domain cost nothing: whoever invents a hundred thousand hosts fills no table.
    f"hosts WHERE host IN (SELECT host FROM hosts ORDER BY seen_at DESC OFFSET {MOST_HOSTS})",
    "received WHERE received_at < now() - interval '7 days' AND processed_at IS NOT NULL",
    """outgoing WHERE created_at < now() - interval '1 hour'
        AND NOT EXISTS (SELECT FROM deliveries d WHERE d.outgoing_id = outgoing.id)""",
    """tombstones WHERE deleted_at < now() - interval '30 days' AND NOT EXISTS (
        SELECT FROM accounts a WHERE a.uri = tombstones.actor_uri AND a.domain IS NULL)""",
)

_FEEDS = (("home_entries", "account_id", "users", "account_id"),
          ("list_entries", "list_id", "lists", "id"))  # fmt: skip
_FEEDS_AT_ONCE = 200
# Feed by feed, each from its newest entry down the index to its end.
_CUT = """
    WITH turn AS MATERIALIZED (
        SELECT {key} AS id FROM {owners} WHERE {key} > $2 ORDER BY {key} LIMIT $3),
    ends AS MATERIALIZED (
        SELECT turn.id, entry.status_id FROM turn, LATERAL (
            SELECT status_id FROM {table} WHERE {feed} = turn.id
            ORDER BY status_id DESC OFFSET $1 LIMIT 1) entry),
    cut AS (
        DELETE FROM {table} e USING ends WHERE e.{feed} = ends.id AND e.status_id <= ends.status_id)
    SELECT max(id) FROM turn
"""


async def delete_expired(db: Database) -> None:
    """Delete expired rows."""
    for rows in _EXPIRED:
        await db.execute(f"DELETE FROM {rows}")


async def cut_feeds(pool: Pool) -> None:
    """Delete the far ends of the feeds, some feeds at a time."""
    for table, feed, owners, key in _FEEDS:
        query = _CUT.format(table=table, feed=feed, owners=owners, key=key)
        last: int | None = 0
        while last is not None:
            async with by_index(pool) as db:
                last = await db.fetchval(query, FEED_LENGTH, last, _FEEDS_AT_ONCE)
