"""Whom a new status concerns beside those in whose home it stands: most concern few."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """`named` and `told` are accounts; `leaves` says whether it may concern another server."""

    named: list[int]
    told: list[int]  # they asked to be told of the author's posts
    is_listed: bool  # somebody has its author on a list
    leaves: bool


# The columns of a Reach for a row `s` of statuses. Boosts, direct posts and answers to others are
# not told of, nor is who is named anyway. What others wrote leaves no more, nor does what is
# `local_only`.
COLUMNS = """
    ARRAY(SELECT m.account_id FROM status_mentions m
          WHERE m.status_id = s.id AND NOT m.silent) AS named,
    ARRAY(SELECT f.account_id FROM follows f
          WHERE f.target_id = s.account_id AND f.notify
            AND s.boost_of_id IS NULL AND s.visibility <> 'direct' AND s.in_reply_to_uri IS NULL
            AND (s.in_reply_to_account_id IS NULL OR s.in_reply_to_account_id = s.account_id)
            AND NOT EXISTS (SELECT FROM status_mentions m
                            WHERE m.status_id = s.id AND m.account_id = f.account_id)) AS told,
    EXISTS (SELECT FROM list_accounts l WHERE l.account_id = s.account_id) AS is_listed,
    s.local AND NOT s.local_only AND (
        s.visibility <> 'direct' AND EXISTS (
            -- In an order that one index has: else an author whom few follow costs a look at all
            -- follows of an instance where one is followed by very many.
            SELECT FROM (SELECT account_id FROM follows WHERE target_id = s.account_id
                         ORDER BY id DESC OFFSET 0) f
            JOIN accounts a ON a.id = f.account_id WHERE a.domain IS NOT NULL)
        OR s.visibility = 'public' AND EXISTS (SELECT FROM relays WHERE state = 'accepted')
        OR EXISTS (
            SELECT FROM accounts a WHERE a.domain IS NOT NULL AND a.id IN (
                SELECT s.in_reply_to_account_id
                UNION ALL
                SELECT o.account_id FROM statuses o WHERE o.id = s.boost_of_id
                UNION ALL
                SELECT q.quoted_account_id FROM quotes q WHERE q.status_id = s.id
                UNION ALL
                SELECT m.account_id FROM status_mentions m WHERE m.status_id = s.id))) AS leaves
"""
