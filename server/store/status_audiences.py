"""Who may see a status, and who may do what with it: decided anew."""

from collections.abc import Sequence

from server.store.database import Database
from server.store.statuses import Policy


async def set_visibility(db: Database, status_id: int, visibility: str) -> None:
    """Show a status to others than before, and count it as `status_writes.count_status` would."""
    await db.execute(
        """
        WITH before AS (
            SELECT id, account_id, in_reply_to_id, boost_of_id,
                   ($2 <> 'direct')::integer - (visibility <> 'direct')::integer AS posts,
                   ($2 IN ('public', 'unlisted'))::integer
                       - (visibility IN ('public', 'unlisted'))::integer AS replies
            FROM statuses WHERE id = $1 FOR UPDATE),
        parent AS (
            INSERT INTO status_stats (status_id, replies_count)
            SELECT in_reply_to_id, greatest(0, replies) FROM before
            WHERE in_reply_to_id IS NOT NULL AND replies <> 0
            ON CONFLICT (status_id) DO UPDATE SET replies_count = greatest(
                0, status_stats.replies_count + (SELECT replies FROM before))),
        original AS (
            INSERT INTO status_stats (status_id, boosts_count)
            SELECT boost_of_id, greatest(0, posts) FROM before
            WHERE boost_of_id IS NOT NULL AND posts <> 0
            ON CONFLICT (status_id) DO UPDATE SET boosts_count = greatest(
                0, status_stats.boosts_count + (SELECT posts FROM before))),
        author AS (
            INSERT INTO account_stats (account_id, statuses_count)
            SELECT account_id, greatest(0, posts) FROM before WHERE posts <> 0
            ON CONFLICT (account_id) DO UPDATE SET statuses_count = greatest(
                0, account_stats.statuses_count + (SELECT posts FROM before)))
        UPDATE statuses s SET visibility = $2, revision = revision + 1
        FROM before WHERE s.id = before.id
        """,
        status_id,
        visibility,
    )


async def address_silently(db: Database, status_id: int, account_id: int) -> None:
    """Let somebody see a status without being named in it."""
    await db.execute(
        """
        INSERT INTO status_mentions (status_id, account_id, silent) VALUES ($1, $2, true)
        ON CONFLICT DO NOTHING
        """,
        status_id,
        account_id,
    )


async def show_limited(db: Database, uri: str, author_id: int, account_id: int) -> int | None:
    """Let a follower of its author see a direct post that does not name them; gives its id if that
    is new.
    """
    found: int | None = await db.fetchval(
        """
        WITH shown AS (
            INSERT INTO status_mentions (status_id, account_id, silent)
            SELECT s.id, $3, true FROM statuses s
            WHERE s.uri = $1 AND s.account_id = $2 AND s.visibility = 'direct'
              AND EXISTS (SELECT FROM follows f WHERE f.account_id = $3 AND f.target_id = $2)
            ON CONFLICT DO NOTHING RETURNING status_id)
        UPDATE statuses s SET limited = true, revision = revision + 1 FROM shown
        WHERE s.id = shown.status_id RETURNING s.id
        """,
        uri,
        author_id,
        account_id,
    )
    return found


async def set_quote_circles(db: Database, status_id: int, circles: Sequence[str]) -> None:
    """Who may quote the status without asking from now on."""
    await db.execute(
        """
        UPDATE statuses SET quote_automatic = $2, quote_manual = '{}', revision = revision + 1
        WHERE id = $1
        """,
        status_id,
        list(circles),
    )


async def set_policies(
    db: Database,
    status_id: int,
    quote_automatic: Sequence[str],
    quote_manual: Sequence[str],
    interaction_policy: Policy,
) -> None:
    """What the author of a remote status says now about who may do what with it."""
    await db.execute(
        """
        UPDATE statuses SET quote_automatic = $2, quote_manual = $3, interaction_policy = $4,
            revision = revision + 1
        WHERE id = $1 AND (quote_automatic, quote_manual, interaction_policy)
            IS DISTINCT FROM ($2::text[], $3::text[], $4::jsonb)
        """,
        status_id,
        list(quote_automatic),
        list(quote_manual),
        interaction_policy,
    )
