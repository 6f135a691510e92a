"""What others wrote, and who they are, when nobody here has anything to do with it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from server.store.database import Connection, Database

# Whichever of these finds something keeps a post `s` of somebody else's; members are in `users`.
_FOLLOWED = """SELECT FROM follows f JOIN users u ON u.account_id = f.account_id
               WHERE f.target_id = s.account_id"""
_USED = (
    # What hangs on it goes first: answers and boosts are younger.
    "SELECT FROM statuses c WHERE c.in_reply_to_id = s.id",
    "SELECT FROM statuses b WHERE b.boost_of_id = s.id",
    "SELECT FROM quotes q WHERE q.quoted_id = s.id",
    # It is about something of a member's.
    """SELECT FROM statuses o
       WHERE o.id IN (s.in_reply_to_id, s.boost_of_id, s.thread_id) AND o.local""",
    """SELECT FROM quotes q JOIN statuses o ON o.id = q.quoted_id
       WHERE q.status_id = s.id AND o.local""",
    "SELECT FROM status_mentions m JOIN users USING (account_id) WHERE m.status_id = s.id",
    # A member did something with it, or finds it somewhere.
    "SELECT FROM favourites f JOIN users USING (account_id) WHERE f.status_id = s.id",
    "SELECT FROM reactions r JOIN users USING (account_id) WHERE r.status_id = s.id",
    "SELECT FROM poll_votes v JOIN users USING (account_id) WHERE v.status_id = s.id",
    "SELECT FROM bookmarks b WHERE b.status_id = s.id",
    "SELECT FROM filter_statuses f WHERE f.status_id = s.id",
    "SELECT FROM home_entries h WHERE h.status_id = s.id",
    "SELECT FROM list_entries l WHERE l.status_id = s.id",
    "SELECT FROM notifications n WHERE n.status_id = s.id",
    "SELECT FROM notification_requests n WHERE n.last_status_id = s.id",
    "SELECT FROM conversations c WHERE c.last_status_id = s.id",
    "SELECT FROM interaction_requests i WHERE s.id IN (i.status_id, i.done_id)",
    "SELECT FROM status_pins p WHERE p.status_id = s.id",
    "SELECT FROM announcements a WHERE s.id = ANY(a.status_ids)",
    # Moderators may want to look at it again.
    "SELECT FROM reports r WHERE r.target_id = s.account_id AND s.id = ANY(r.status_ids)",
    "SELECT FROM strikes k WHERE k.target_id = s.account_id AND s.id = ANY(k.status_ids)",
)
# What an account has of its own accord is no tie to anybody.
_OWN = (
    "account_stats",
    "account_words",
    "actor_keys",
    "featured_tags",
    "link_checks",
    "stranger_prints",
)
# Collections of others are no tie to their owner, nor their places to those who stand in them,
# unless a member stands in one, follows its owner, or links to it.
_COLLECTED = """
    EXISTS (
        SELECT FROM collections c WHERE c.account_id = a.id AND (
            EXISTS (SELECT FROM collection_items i JOIN users USING (account_id)
                    WHERE i.collection_id = c.id)
            OR EXISTS (SELECT FROM status_collections sc JOIN statuses s ON s.id = sc.status_id
                       WHERE sc.collection_id = c.id AND s.local)))
    OR EXISTS (
        SELECT FROM collection_items i JOIN collections c ON c.id = i.collection_id
        WHERE i.account_id = a.id AND (
            c.uri IS NULL
            OR EXISTS (SELECT FROM follows f JOIN users u ON u.account_id = f.account_id
                       WHERE f.target_id = c.account_id)))
"""
Table = Literal["statuses", "accounts", "cards"]


@dataclass(frozen=True, slots=True)
class Looked:
    """A row that was looked at, and whether it may go."""

    id: int
    is_free: bool


async def count_statuses(db: Database, days: int) -> int:
    """How many posts are older than that, ours too."""
    query = "SELECT count(*) FROM statuses WHERE id < id_at(now() - make_interval(days => $1))"
    return int(await db.fetchval(query, days))


async def hold(db: Connection, table: Table, ids: Collection[int]) -> set[int]:
    """Hold rows until the transaction ends, so that nothing can be tied to them meanwhile; gives
    which, without those to which something is being tied at this moment.
    """
    query = f"SELECT id FROM {table} WHERE id = ANY($1) ORDER BY id FOR UPDATE SKIP LOCKED"
    return {row["id"] for row in await db.fetch(query, list(ids))}


async def look_at_statuses(
    db: Connection, before: int, most: int, days: int, *, even_followed: bool = False
) -> list[Looked]:
    """The next posts that are older than that, the youngest first; those by whom members follow
    may go as well only if it is said so.
    """
    await _by_index(db)
    reasons = _USED if even_followed else (*_USED, _FOLLOWED)
    kept = " OR ".join(f"EXISTS ({reason})" for reason in reasons)
    rows = await db.fetch(
        f"""
        WITH s AS (
            SELECT id, account_id, local, in_reply_to_id, boost_of_id, thread_id FROM statuses
            WHERE id < $1 AND id < id_at(now() - make_interval(days => $3))
            ORDER BY id DESC LIMIT $2)
        SELECT s.id, NOT s.local AND NOT ({kept}) AS is_free FROM s ORDER BY s.id DESC
        """,
        before,
        most,
        days,
    )
    return [Looked(**row) for row in rows]


async def delete_statuses(db: Database, ids: Sequence[int]) -> Sequence[str]:
    """Delete posts of others and put counts right; they may come again, and have no files here."""
    await db.execute(
        """
        WITH quoted AS (
            UPDATE status_stats t SET quotes_count = greatest(0, t.quotes_count - q.number)
            FROM (SELECT quoted_id, count(*) AS number FROM quotes
                  WHERE status_id = ANY($1) AND state = 'accepted' GROUP BY 1) q
            WHERE t.status_id = q.quoted_id),
        gone AS (
            DELETE FROM statuses WHERE id = ANY($1) AND NOT local
            RETURNING account_id, in_reply_to_id, boost_of_id, visibility),
        fewer AS (
            UPDATE account_stats t SET statuses_count = greatest(0, t.statuses_count - g.number)
            FROM (SELECT account_id, count(*) AS number FROM gone
                  WHERE visibility <> 'direct' GROUP BY 1) g
            WHERE t.account_id = g.account_id)
        UPDATE status_stats t SET replies_count = greatest(0, t.replies_count - g.replies),
            boosts_count = greatest(0, t.boosts_count - g.boosts)
        FROM (SELECT coalesce(boost_of_id, in_reply_to_id) AS id, count(boost_of_id) AS boosts,
                     count(*) FILTER (WHERE boost_of_id IS NULL
                                      AND visibility IN ('public', 'unlisted')) AS replies
              FROM gone GROUP BY 1) g
        WHERE t.status_id = g.id
        """,
        list(ids),
    )
    return ()


async def count_accounts(db: Database) -> int:
    """How many accounts of others there are."""
    return int(await db.fetchval("SELECT count(*) FROM accounts WHERE domain IS NOT NULL"))


async def look_at_accounts(db: Connection, before: int, most: int, days: int) -> list[Looked]:
    """The next accounts of others, the latest first.

    Free is one that nobody asked for so long and that no row names. The database itself tells which
    tables refer to accounts: one that is added later keeps them without a thought here.
    """
    await _by_index(db)
    ties = await db.fetch(
        """
        SELECT c.conrelid::regclass::text AS "table", a.attname AS "column"
        FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND c.confrelid = 'accounts'::regclass
          AND c.conrelid::regclass::text <> ALL($1)
        """,
        [*_OWN, "collections", "collection_items"],
    )
    tied = " OR ".join(
        f'EXISTS (SELECT FROM {tie["table"]} t WHERE t."{tie["column"]}" = a.id)' for tie in ties
    )
    rows = await db.fetch(
        f"""
        WITH a AS (
            SELECT id, fetched_at, silenced_at, suspended_at, sensitized_at FROM accounts
            WHERE id < $1 AND domain IS NOT NULL ORDER BY id DESC LIMIT $2)
        SELECT a.id, coalesce(a.fetched_at < now() - make_interval(days => $3), false)
            AND coalesce(a.silenced_at, a.suspended_at, a.sensitized_at) IS NULL
            AND NOT ({tied} OR {_COLLECTED}) AS is_free
        FROM a ORDER BY a.id DESC
        """,
        before,
        most,
        days,
    )
    return [Looked(**row) for row in rows]


async def delete_accounts(db: Database, ids: Sequence[int]) -> Sequence[str]:
    """Delete accounts of others that nothing names; they have no files here."""
    await db.execute("DELETE FROM accounts WHERE id = ANY($1) AND domain IS NOT NULL", list(ids))
    return ()


async def look_at_cards(db: Connection, before: int, most: int, days: int) -> list[Looked]:
    """The next cards of links, the latest first; free is one that no post has had for so long."""
    await _by_index(db)
    rows = await db.fetch(
        """
        WITH c AS (
            SELECT id, attached_at FROM cards WHERE id < $1 ORDER BY id DESC LIMIT $2)
        SELECT c.id, c.attached_at < now() - make_interval(days => $3)
            AND NOT EXISTS (SELECT FROM status_cards sc WHERE sc.card_id = c.id) AS is_free
        FROM c ORDER BY c.id DESC
        """,
        before,
        most,
        days,
    )
    return [Looked(**row) for row in rows]


async def _by_index(db: Connection) -> None:
    """For this transaction: where one account has nearly all there is, a table is read as a whole
    for each that has nothing.
    """
    await db.execute("SET LOCAL enable_seqscan = off")
