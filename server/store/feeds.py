"""Home and list timelines as they are written: one statement for all readers of a status."""

from server.store import reach
from server.store.database import Database
from server.store.reach import Reach

# A status stands once among so many of the latest of a feed, itself or boosted, as in Mastodon: no
# page shows it twice.
_ONCE_IN = 40
_LATEST = f"""(
    SELECT e.shown_id FROM {{entries}} e WHERE e.{{feed}} = {{id}}
    ORDER BY e.status_id DESC LIMIT {_ONCE_IN})"""

# Author, boosted author and whom either names; and whether a boost may stand in a feed already.
_INVOLVED = """
    involved AS (
        SELECT ARRAY(SELECT s.account_id FROM s UNION SELECT o.account_id FROM o UNION
            SELECT m.account_id FROM status_mentions m
            WHERE NOT m.silent AND m.status_id IN (SELECT s.id FROM s UNION SELECT o.id FROM o)
        ) AS ids,
        EXISTS (SELECT FROM statuses b, s
                WHERE b.boost_of_id = coalesce(s.boost_of_id, s.id)) AS is_boosted)
"""
_SUITS = """
    -- The reader neither blocks nor mutes anybody involved, is not blocked by who wrote or boosted
    -- it, and does not block their domains.
    NOT EXISTS (SELECT FROM blocks b WHERE b.account_id = {reader}
                AND b.target_id = ANY(involved.ids))
    AND NOT EXISTS (SELECT FROM blocks b
                    WHERE b.target_id = {reader} AND b.account_id IN (s.account_id, o.account_id))
    AND NOT EXISTS (SELECT FROM mutes m WHERE m.account_id = {reader}
                    AND m.target_id = ANY(involved.ids)
                    AND (m.expires_at IS NULL OR m.expires_at > now()))
    AND NOT EXISTS (SELECT FROM domain_blocks d JOIN accounts a ON a.domain = d.domain
                    WHERE d.account_id = {reader} AND a.id IN (s.account_id, o.account_id))
"""
_ONCE = f"""
    (NOT involved.is_boosted OR coalesce(s.boost_of_id, s.id) <> ALL(ARRAY{_LATEST}))
"""


async def add_own_entry(db: Database, account_id: int, status_id: int, shown_id: int) -> None:
    """The author sees a status at once, a boost unless what it shows stands there already."""
    latest = _LATEST.format(entries="home_entries", feed="account_id", id="$1")
    await db.execute(
        f"""
        INSERT INTO home_entries (account_id, status_id, shown_id, author_id)
        SELECT $1::bigint, $2::bigint, $3::bigint, $1::bigint
        WHERE $2 = $3 OR $3 <> ALL(ARRAY{latest})
        ON CONFLICT DO NOTHING
        """,
        account_id,
        status_id,
        shown_id,
    )


async def add_home_entries(db: Database, status_id: int) -> Reach:
    """Write a status into the home of every local reader that it is for; gives where else it is
    to go.

    Readers are its author, local followers of the author (a boost only for those who want boosts,
    a reply only for those who follow the one answered, or for that one), members who follow one of
    its tags if it is public, and members whom a direct status is addressed to if they follow its
    author.
    """
    suits = _SUITS.format(reader="r.account_id")
    once = _ONCE.format(entries="home_entries", feed="account_id", id="r.account_id")
    row = await db.fetchrow(
        f"""
        WITH s AS (SELECT * FROM statuses WHERE id = $1),
        o AS (SELECT statuses.* FROM s JOIN statuses ON statuses.id = s.boost_of_id),
        {_INVOLVED},
        readers AS (
            SELECT s.account_id, true AS is_author FROM s WHERE s.local
            UNION ALL
            SELECT f.account_id, false FROM s
            JOIN follows f ON f.target_id = s.account_id
            JOIN users u ON u.account_id = f.account_id
            WHERE (s.boost_of_id IS NULL OR f.show_boosts)
              AND (f.languages IS NULL OR s.language IS NULL OR s.language = ANY(f.languages))
              AND (s.in_reply_to_account_id IS NULL AND s.in_reply_to_uri IS NULL
                   OR s.in_reply_to_account_id IN (s.account_id, f.account_id)
                   OR EXISTS (SELECT FROM follows p WHERE p.account_id = f.account_id
                              AND p.target_id = s.in_reply_to_account_id))
              AND (s.visibility <> 'direct' OR EXISTS (
                   SELECT FROM status_mentions m
                   WHERE m.status_id = s.id AND m.account_id = f.account_id))
              AND NOT EXISTS (
                   SELECT FROM lists l JOIN list_accounts la ON la.list_id = l.id
                   WHERE l.account_id = f.account_id AND l.exclusive
                     AND la.account_id = s.account_id)
            UNION ALL
            SELECT tf.account_id, false FROM s
            JOIN status_tags st ON st.status_id = s.id
            JOIN tag_follows tf ON tf.tag_id = st.tag_id
            WHERE s.visibility = 'public' AND s.boost_of_id IS NULL),
        entries AS (
            INSERT INTO home_entries (account_id, status_id, shown_id, author_id)
            SELECT r.account_id, s.id, coalesce(s.boost_of_id, s.id), s.account_id
            FROM readers r CROSS JOIN s CROSS JOIN involved LEFT JOIN o ON true
            WHERE (r.is_author OR {suits}) AND {once}
            ON CONFLICT DO NOTHING)
        SELECT {reach.COLUMNS} FROM s
        """,
        status_id,
    )
    return Reach(**row)


async def add_list_entries(db: Database, status_id: int) -> None:
    """Write a status into every list that its author is on, as the list wants replies; those to
    its owner always.
    """
    suits = _SUITS.format(reader="l.account_id")
    once = _ONCE.format(entries="list_entries", feed="list_id", id="l.id")
    await db.execute(
        f"""
        WITH s AS (SELECT * FROM statuses WHERE id = $1),
        o AS (SELECT statuses.* FROM s JOIN statuses ON statuses.id = s.boost_of_id),
        {_INVOLVED}
        INSERT INTO list_entries (list_id, status_id, shown_id, author_id)
        SELECT l.id, s.id, coalesce(s.boost_of_id, s.id), s.account_id
        FROM s CROSS JOIN involved LEFT JOIN o ON true
        JOIN list_accounts la ON la.account_id = s.account_id
        JOIN lists l ON l.id = la.list_id
        WHERE s.visibility <> 'direct'
          AND (s.account_id = l.account_id OR EXISTS (
               SELECT FROM follows f WHERE f.account_id = l.account_id
                 AND f.target_id = s.account_id AND (s.boost_of_id IS NULL OR f.show_boosts)))
          AND (s.in_reply_to_account_id IS NULL AND s.in_reply_to_uri IS NULL
               OR s.in_reply_to_account_id IN (s.account_id, l.account_id)
               OR l.replies_policy = 'list' AND EXISTS (
                   SELECT FROM list_accounts x
                   WHERE x.list_id = l.id AND x.account_id = s.in_reply_to_account_id)
               OR l.replies_policy = 'followed' AND EXISTS (
                   SELECT FROM follows f WHERE f.account_id = l.account_id
                     AND f.target_id = s.in_reply_to_account_id))
          AND {suits} AND {once}
        ON CONFLICT DO NOTHING
        """,
        status_id,
    )


async def fill_home(db: Database, account_id: int, target_id: int, limit: int = 20) -> None:
    """After a follow: the latest posts of the followed one."""
    await db.execute(
        """
        INSERT INTO home_entries (account_id, status_id, shown_id, author_id)
        SELECT $1, id, id, account_id FROM statuses
        WHERE account_id = $2
          AND NOT EXISTS (SELECT FROM home_entries e
                          WHERE e.account_id = $1 AND e.shown_id = statuses.id)
          AND visibility IN ('public', 'unlisted', 'private')
          AND boost_of_id IS NULL AND in_reply_to_uri IS NULL
          AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = account_id)
        ORDER BY id DESC LIMIT $3
        ON CONFLICT DO NOTHING
        """,
        account_id,
        target_id,
        limit,
    )


async def empty_feeds(db: Database, account_id: int, target_id: int) -> None:
    """After an unfollow: nothing that the target posted or boosted."""
    await db.execute(
        """
        WITH listed AS (
            DELETE FROM list_entries USING lists
            WHERE list_id = lists.id AND lists.account_id = $1 AND author_id = $2)
        DELETE FROM home_entries WHERE account_id = $1 AND author_id = $2
        """,
        account_id,
        target_id,
    )


async def clean_feeds(db: Database, account_id: int, target_id: int) -> None:
    """After a mute or block: nothing by the target or that names the target, whoever boosted it."""
    concerns = """(author_id = $2
        OR EXISTS (SELECT FROM statuses s WHERE s.id = shown_id AND s.account_id = $2)
        OR EXISTS (SELECT FROM status_mentions m
                   WHERE m.status_id = shown_id AND m.account_id = $2 AND NOT m.silent))"""
    await db.execute(
        f"""
        WITH own AS (SELECT id FROM lists WHERE account_id = $1),
        listed AS (DELETE FROM list_entries USING own WHERE list_id = own.id AND {concerns})
        DELETE FROM home_entries WHERE account_id = $1 AND {concerns}
        """,
        account_id,
        target_id,
    )
