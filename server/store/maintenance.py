"""Rows that have had their time."""

from server.store.database import Database

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

_FEEDS = """
    DELETE FROM {table} e USING (
        SELECT {feed}, status_id FROM (
            SELECT {feed}, status_id,
                   row_number() OVER (PARTITION BY {feed} ORDER BY status_id DESC) AS place
            FROM {table}) ranked
        WHERE place = $1) last
    WHERE e.{feed} = last.{feed} AND e.status_id < last.status_id
"""


async def delete_expired(db: Database) -> None:
    """Delete expired rows and the far ends of the feeds."""
    for rows in _EXPIRED:
        await db.execute(f"DELETE FROM {rows}")
    for table, feed in (("home_entries", "account_id"), ("list_entries", "list_id")):
        await db.execute(_FEEDS.format(table=table, feed=feed), FEED_LENGTH)
