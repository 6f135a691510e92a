"""Activities that leave, and how far each has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from federation.transport import retry
from server.store.database import Database, affected
from server.store.jobs import LEASE_SECONDS

_MANY = 500  # inboxes
Asks = Literal["nothing", "host", "readers", "people"]  # see migration 0072


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed delivery; `attempts` are those that failed before, `refusals` those of them that
    were turned away.
    """

    id: int
    account_id: int
    inbox_url: str
    host: str
    attempts: int
    refusals: int
    body: bytes
    asks: Asks
    followers_digest: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A delivery to be tried again after a pause, by the clock of the database, as it is claimed;
    None gives it up. It was turned away, or its host is down, or neither.
    """

    id: int
    pause_seconds: float | None
    is_refusal: bool = False
    is_down: bool = False


async def insert_outgoing(
    db: Database, account_id: int, body: bytes, asks: Asks, status_id: int | None = None
) -> int:
    """Store an activity once, to be signed by that account; see `delivery_checks` for `asks`."""
    return int(
        await db.fetchval(
            """
            INSERT INTO outgoing (account_id, body, asks, status_id) VALUES ($1, $2, $3, $4)
            RETURNING id
            """,
            account_id,
            body,
            asks,
            status_id,
        )
    )


async def insert_deliveries(db: Database, outgoing_id: int, recipient_ids: Sequence[int]) -> int:
    """Deliver to the inboxes of these people, before what goes to followers; gives how many."""
    tag = await db.execute(
        """
        INSERT INTO deliveries (outgoing_id, inbox_url, host, priority, recipient_ids)
        SELECT $1, inbox_url, split_part(split_part(inbox_url, '://', 2), '/', 1), 0, array_agg(id)
        FROM accounts WHERE id = ANY($2) AND domain IS NOT NULL AND inbox_url IS NOT NULL
        GROUP BY inbox_url
        """,
        outgoing_id,
        list(recipient_ids),
    )
    return affected(tag)


async def insert_for_inboxes(db: Database, outgoing_id: int, inboxes: Sequence[str]) -> int:
    """Deliver to inboxes of nobody in particular, as those of relays; gives how many."""
    tag = await db.execute(
        """
        INSERT INTO deliveries (outgoing_id, inbox_url, host, priority)
        SELECT $1, inbox, split_part(split_part(inbox, '://', 2), '/', 1), 0
        FROM unnest($2::text[]) inbox ON CONFLICT DO NOTHING
        """,
        outgoing_id,
        list(inboxes),
    )
    return affected(tag)


async def insert_for_followers(db: Database, outgoing_id: int, account_id: int) -> int:
    """Deliver to all followers elsewhere, a shared inbox once, when nobody waits for anything else;
    gives how many.
    """
    tag = await db.execute(
        """
        INSERT INTO deliveries (outgoing_id, inbox_url, host, priority, follower_id)
        SELECT $1, inbox, split_part(split_part(inbox, '://', 2), '/', 1), 2, min(id)
        FROM (SELECT coalesce(a.shared_inbox_url, a.inbox_url) AS inbox, a.id
              FROM follows f JOIN accounts a ON a.id = f.account_id
              WHERE f.target_id = $2 AND a.domain IS NOT NULL AND a.suspended_at IS NULL
                AND a.inbox_url IS NOT NULL) followers
        GROUP BY inbox
        """,
        outgoing_id,
        account_id,
    )
    return affected(tag)


# $1 outgoing, $2 status, $3 author, $4 to followers, $5 to where it went before, $6 many.
_FOR_STATUS = """
    WITH people AS (
        SELECT m.account_id AS id, 0 AS priority, 'named' AS as_what
        FROM status_mentions m WHERE m.status_id = $2
        UNION ALL
        SELECT o.account_id, 0, 'named' FROM statuses s JOIN statuses o ON o.id = s.boost_of_id
        WHERE s.id = $2
        UNION ALL
        SELECT s.in_reply_to_account_id, 0, 'named' FROM statuses s
        WHERE s.id = $2 AND s.visibility IN ('public', 'unlisted')
        UNION ALL
        SELECT f.account_id, 1, 'follower' FROM follows f WHERE f.target_id = $3 AND $4
        UNION ALL
        SELECT r.account_id, 1, 'reader' FROM statuses r
        WHERE $5 AND (r.boost_of_id = $2 OR r.in_reply_to_id = $2)
        UNION ALL
        SELECT q.account_id, 1, 'reader' FROM quotes q WHERE $5 AND q.quoted_id = $2
        UNION ALL
        SELECT v.account_id, 1, 'reader' FROM favourites v WHERE $5 AND v.status_id = $2
        UNION ALL
        SELECT r.account_id, 1, 'reader' FROM reactions r WHERE $5 AND r.status_id = $2),
    inboxes AS (
        SELECT coalesce(a.shared_inbox_url, a.inbox_url) AS inbox, people.*
        FROM people JOIN accounts a ON a.id = people.id
        WHERE NOT EXISTS (SELECT FROM statuses WHERE id = $2 AND local_only)
          AND a.domain IS NOT NULL AND a.suspended_at IS NULL AND a.inbox_url IS NOT NULL
        UNION ALL
        SELECT inbox_url, NULL, 1, 'reader' FROM status_inboxes WHERE $5 AND status_id = $2
        UNION ALL
        SELECT r.inbox_url, NULL, 1, 'relay' FROM relays r, statuses s
        WHERE s.id = $2 AND s.visibility = 'public' AND s.boost_of_id IS NULL
          AND NOT s.local_only AND r.state = 'accepted' AND r.style = 'mastodon'),
    sent AS (
        INSERT INTO status_inboxes (status_id, inbox_url) SELECT DISTINCT $2, inbox FROM inboxes
        ON CONFLICT DO NOTHING)
    INSERT INTO deliveries (outgoing_id, inbox_url, host, priority, next_at, recipient_ids,
                            follower_id, is_to_reader)
    SELECT $1, inbox, split_part(split_part(inbox, '://', 2), '/', 1),
           CASE WHEN is_to_many THEN 2 ELSE priority END,
           now() + CASE WHEN is_to_many THEN place ELSE 0 END * interval '0.5 milliseconds',
           named, follower, is_to_reader
    FROM (SELECT inbox, min(priority) AS priority,
                 min(priority) > 0 AND count(*) OVER () > $6 AS is_to_many,
                 row_number() OVER (ORDER BY hashtext(inbox)) AS place,
                 array_agg(id) FILTER (WHERE as_what = 'named') AS named,
                 min(id) FILTER (WHERE as_what = 'follower') AS follower,
                 bool_or(as_what = 'reader') AS is_to_reader
          FROM inboxes GROUP BY inbox) AS each
    ON CONFLICT DO NOTHING
"""


async def insert_for_status(
    db: Database,
    outgoing_id: int,
    status_id: int,
    account_id: int,
    *,
    to_followers: bool,
    to_past: bool,
) -> int:
    """Deliver to all whom a status is for, each inbox once; gives how many.

    The named, the one answered and the author of what is boosted; with `to_followers` remote
    followers by their shared inboxes; with `to_past` (Update, Delete) also everywhere the status
    went before and to those who boosted, favourited, answered, quoted or reacted to it. Public
    posts go to relays of Mastodon's kind as well; what is `local_only` goes nowhere.

    What goes to very many lets what goes to few pass, and is due bit by bit, two thousand inboxes a
    second: so two such posts take turns, and the later one does not wait for the end of the other.
    """
    tag = await db.execute(
        _FOR_STATUS,
        outgoing_id,
        status_id,
        account_id,
        to_followers,
        to_past,
        _MANY,
    )
    return affected(tag)


async def insert_for_everyone(db: Database, outgoing_id: int, account_id: int) -> int:
    """Deliver to every inbox that is known here, after what people wait for; gives how many.

    Whoever is tied to the account by a follow comes first.
    """
    tag = await db.execute(
        """
        WITH tied AS (
            SELECT account_id AS id FROM follows WHERE target_id = $2
            UNION SELECT target_id FROM follows WHERE account_id = $2),
        inboxes AS (
            SELECT coalesce(a.shared_inbox_url, a.inbox_url) AS inbox,
                   min(CASE WHEN tied.id IS NULL THEN 2 ELSE 1 END) AS priority
            FROM accounts a LEFT JOIN tied ON tied.id = a.id
            WHERE a.domain IS NOT NULL AND a.suspended_at IS NULL AND a.inbox_url IS NOT NULL
            GROUP BY 1)
        INSERT INTO deliveries (outgoing_id, inbox_url, host, priority)
        SELECT $1, inbox, split_part(split_part(inbox, '://', 2), '/', 1), priority FROM inboxes
        ON CONFLICT DO NOTHING
        """,
        outgoing_id,
        account_id,
    )
    return affected(tag)


async def remember_inboxes(db: Database, status_id: int, inboxes: Sequence[str]) -> None:
    """Its Update and Delete go to these inboxes too."""
    await db.execute(
        """
        INSERT INTO status_inboxes (status_id, inbox_url) SELECT $1, unnest($2::text[])
        ON CONFLICT DO NOTHING
        """,
        status_id,
        list(inboxes),
    )


async def add_followers_digests(db: Database, outgoing_id: int, account_id: int) -> None:
    """Say with each delivery of an activity which followers of that origin the account has."""
    await db.execute(
        """
        WITH origins AS (
            SELECT substring(a.uri FROM '^[a-z]+://[^/]+/') AS origin,
                   bit_xor(('x' || encode(sha256(a.uri::bytea), 'hex'))::bit(256)) AS digest
            FROM follows f JOIN accounts a ON a.id = f.account_id
            WHERE f.target_id = $2 AND a.domain IS NOT NULL GROUP BY 1)
        UPDATE deliveries d SET followers_digest = (
            SELECT string_agg(lpad(to_hex(substring(o.digest FROM i FOR 32)::bigint), 8, '0'), ''
                              ORDER BY i)
            FROM generate_series(1, 225, 32) i)
        FROM origins o
        WHERE d.outgoing_id = $1 AND o.origin = substring(d.inbox_url FROM '^[a-z]+://[^/]+/')
        """,
        outgoing_id,
        account_id,
    )


async def list_move_inboxes(db: Database, account_id: int) -> list[str]:
    """Inboxes of all remote followers, and of those elsewhere who block the account."""
    rows = await db.fetch(
        """
        SELECT DISTINCT coalesce(a.shared_inbox_url, a.inbox_url) AS inbox
        FROM (SELECT account_id FROM follows WHERE target_id = $1
              UNION SELECT account_id FROM blocks WHERE target_id = $1) people
        JOIN accounts a ON a.id = people.account_id
        WHERE a.domain IS NOT NULL AND a.suspended_at IS NULL AND a.inbox_url IS NOT NULL
        """,
        account_id,
    )
    return [row["inbox"] for row in rows]


async def claim_deliveries(
    db: Database,
    worker: UUID,
    limit: int,
    per_host: int,
    busy_hosts: Sequence[str],
    priorities: tuple[int, int] = (0, 2),
) -> list[Delivery]:
    """Take due deliveries: a few of each host, none of busy or paused ones, the urgent first.

    Of the priorities from the first to the last one. They come back in the order in which they were
    written. What is due for paused hosts is put off, and looked at no more until then.

    To be called within `by_index`; what was found is read by arrays of ids, not by joins, whose
    order depends on how long the queue was when the plan was made.
    """
    rows = await db.fetch(
        """
        WITH due AS (
            SELECT d.*, h.paused_until FROM (
                SELECT id, host, priority, next_at FROM deliveries
                WHERE priority BETWEEN $6 AND $7 AND next_at <= now()
                  AND (claimed_until IS NULL OR claimed_until < now())
                  AND host <> ALL($4::text[])
                ORDER BY priority, next_at LIMIT 2000) d
            LEFT JOIN hosts h ON h.host = d.host AND h.paused_until > now()),
        paused AS (
            SELECT id FROM deliveries
            WHERE id = ANY(ARRAY(SELECT id FROM due WHERE paused_until IS NOT NULL))
            FOR UPDATE SKIP LOCKED),
        put_off AS (
            UPDATE deliveries d
            SET next_at = coalesce(
                (SELECT h.paused_until FROM hosts h WHERE h.host = d.host), d.next_at)
            WHERE d.id = ANY(ARRAY(SELECT id FROM paused))),
        ranked AS (
            SELECT id, priority, next_at,
                   row_number() OVER (PARTITION BY host ORDER BY priority, next_at) AS place
            FROM due WHERE paused_until IS NULL),
        taken AS (
            SELECT id FROM deliveries
            WHERE id = ANY(ARRAY(SELECT id FROM ranked WHERE place <= $3
                                 ORDER BY priority, next_at LIMIT $2))
              AND (claimed_until IS NULL OR claimed_until < now())
            FOR UPDATE SKIP LOCKED)
        UPDATE deliveries d SET claimed_by = $1, claimed_until = now() + make_interval(secs => $5)
        WHERE d.id = ANY(ARRAY(SELECT id FROM taken))
        RETURNING d.id, d.inbox_url, d.host, d.attempts, d.refusals, d.followers_digest,
            (SELECT o.account_id FROM outgoing o WHERE o.id = d.outgoing_id) AS account_id,
            (SELECT o.body FROM outgoing o WHERE o.id = d.outgoing_id) AS body,
            (SELECT o.asks FROM outgoing o WHERE o.id = d.outgoing_id) AS asks
        """,
        worker,
        limit,
        per_host,
        list(busy_hosts),
        float(LEASE_SECONDS),
        *priorities,
    )
    return [Delivery(**row) for row in sorted(rows, key=lambda row: row["id"])]


async def finish_deliveries(db: Database, ids: Sequence[int], hosts: Sequence[str]) -> None:
    """Delete what arrived; its hosts are well again, and after a pause all else that waits for them
    is due at once.
    """
    await db.execute(
        f"""
        WITH due AS (
            UPDATE deliveries d SET next_at = now() FROM hosts h
            WHERE h.host = ANY($2) AND h.failures >= {retry.HOST_OPENS_AFTER}
              AND d.host = h.host AND d.claimed_by IS NULL AND d.next_at > now()),
        well AS (
            UPDATE hosts SET failures = 0, failing_since = NULL, paused_until = NULL,
                   seen_at = now()
            WHERE host = ANY($2) AND failures > 0)
        DELETE FROM deliveries WHERE id = ANY($1)
        """,
        list(ids),
        list(hosts),
    )


async def postpone_deliveries(db: Database, worker: UUID, failures: Sequence[Failure]) -> set[str]:
    """Give failed deliveries back for later; those without a pause are given up. Gives the hosts
    that are down.

    Only what is still this worker's: who outslept the lease has lost it, and whoever writes the
    same again, because the answer to the first time did not come, finds nothing to do.
    """
    rows = await db.fetch(
        """
        WITH f AS (SELECT * FROM unnest($2::bigint[], $3::float8[], $4::boolean[], $5::boolean[])
                   AS f (id, pause, is_refusal, is_down)),
        given_up AS (
            DELETE FROM deliveries d USING f
            WHERE d.id = f.id AND d.claimed_by = $1 AND f.pause IS NULL
            RETURNING d.host, f.is_down),
        put_off AS (
            UPDATE deliveries d SET attempts = attempts + 1,
                next_at = now() + make_interval(secs => f.pause),
                refusals = refusals + f.is_refusal::int,
                claimed_by = NULL, claimed_until = NULL
            FROM f WHERE d.id = f.id AND d.claimed_by = $1 AND f.pause IS NOT NULL
            RETURNING d.host, f.is_down)
        SELECT host FROM given_up WHERE is_down UNION SELECT host FROM put_off WHERE is_down
        """,
        worker,
        [failure.id for failure in failures],
        [failure.pause_seconds for failure in failures],
        [failure.is_refusal for failure in failures],
        [failure.is_down for failure in failures],
    )
    return {row["host"] for row in rows}
