"""Who is no longer to have what waits for them: asked at the moment of sending, not of writing.

A host may be down for days. Meanwhile a follower leaves, somebody is blocked, a domain or the
author suspended; what was written before then must not go out after it.
"""

from collections.abc import Sequence

from server.store.database import Database

# The follower that was noted mostly is there still; only then are all behind that inbox looked at.
_HAS_FOLLOWER = """
    d.follower_id IS NOT NULL AND (
        EXISTS (SELECT FROM follows f JOIN accounts a ON a.id = f.account_id
                WHERE f.account_id = d.follower_id AND f.target_id = o.account_id
                  AND a.suspended_at IS NULL)
        OR EXISTS (SELECT FROM accounts a JOIN follows f ON f.account_id = a.id
                   WHERE f.target_id = o.account_id AND a.domain IS NOT NULL
                     AND coalesce(a.shared_inbox_url, a.inbox_url) = d.inbox_url
                     AND a.suspended_at IS NULL))
"""
_HAS_RECIPIENT = """
    EXISTS (SELECT FROM accounts a
            WHERE a.id = ANY(d.recipient_ids) AND a.suspended_at IS NULL
              AND NOT EXISTS (SELECT FROM blocks b
                              WHERE b.account_id = o.account_id AND b.target_id = a.id)
              AND NOT EXISTS (SELECT FROM blocks b
                              WHERE b.account_id = a.id AND b.target_id = o.account_id)
              AND NOT EXISTS (SELECT FROM domain_blocks b
                              WHERE b.account_id = o.account_id AND b.domain = a.domain))
"""
_IS_RELAY = """
    d.recipient_ids IS NULL AND d.follower_id IS NULL
    AND EXISTS (SELECT FROM relays r WHERE r.inbox_url = d.inbox_url AND r.state <> 'rejected')
"""
# Unless the post itself still waits, or was withheld.
_HAS_POST = """
    d.is_to_reader
    AND NOT EXISTS (SELECT FROM status_inboxes i WHERE i.status_id = o.status_id
                      AND i.inbox_url = d.inbox_url AND i.is_withheld)
    AND NOT EXISTS (SELECT FROM outgoing post JOIN deliveries w ON w.outgoing_id = post.id
                    WHERE post.status_id = o.status_id AND post.asks = 'people'
                      AND w.inbox_url = d.inbox_url)
"""
_WITHDRAW = f"""
    WITH unwanted AS (
        SELECT d.id, d.inbox_url, o.status_id
        FROM deliveries d JOIN outgoing o ON o.id = d.outgoing_id
        JOIN accounts author ON author.id = o.account_id
        WHERE d.id = ANY($1) AND o.asks IN ('readers', 'people')
          AND (author.suspended_at IS NOT NULL OR NOT (
                ({_HAS_FOLLOWER}) OR ({_HAS_RECIPIENT}) OR ({_IS_RELAY})
                OR (o.asks = 'readers' AND {_HAS_POST})))),
    withheld AS (
        UPDATE status_inboxes i SET is_withheld = true FROM unwanted u
        WHERE i.status_id = u.status_id AND i.inbox_url = u.inbox_url)
    DELETE FROM deliveries d USING unwanted u WHERE d.id = u.id RETURNING d.id
"""


async def withdraw_unwanted(db: Database, ids: Sequence[int]) -> set[int]:
    """Delete those of the claimed deliveries that may go no longer; gives which.

    Whether we talk with a host is asked by the client, of every request.
    """
    return {row["id"] for row in await db.fetch(_WITHDRAW, list(ids))}
