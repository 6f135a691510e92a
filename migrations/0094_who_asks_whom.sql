-- A private mention was asked for if it answers one that the recipient sent to this sender; whom one
-- follows is no new account.
CREATE OR REPLACE FUNCTION notification_verdict(
    recipient bigint, sender bigint, kind text, about bigint)
RETURNS text LANGUAGE sql STABLE RETURN (
    SELECT CASE
        WHEN kind NOT IN ('mention', 'reblog', 'follow', 'follow_request', 'favourite', 'quote')
            OR EXISTS (SELECT FROM notification_permissions
                       WHERE account_id = recipient AND from_account_id = sender) THEN 'accept'
        WHEN 'drop' = ANY(rules) THEN 'drop'
        WHEN 'filter' = ANY(rules) THEN 'filter'
        ELSE 'accept' END
    FROM (
        SELECT ARRAY[
            CASE WHEN NOT follows THEN coalesce(p.for_not_following, 'accept') END,
            -- Somebody who follows for less than three days is no follower yet.
            CASE WHEN NOT EXISTS (
                SELECT FROM follows f WHERE f.account_id = sender AND f.target_id = recipient
                  AND f.id < id_at(now() - interval '3 days'))
                THEN coalesce(p.for_not_followers, 'accept') END,
            CASE WHEN a.created_at > now() - interval '30 days' AND NOT follows
                THEN coalesce(p.for_new_accounts, 'accept') END,
            CASE WHEN a.silenced_at IS NOT NULL AND NOT follows
                THEN coalesce(p.for_limited_accounts, 'filter') END,
            CASE WHEN a.bot AND NOT follows THEN coalesce(p.for_bots, 'accept') END,
            CASE WHEN kind = 'mention' AND NOT follows AND EXISTS (
                SELECT FROM statuses s WHERE s.id = about AND s.visibility = 'direct'
                  AND NOT EXISTS (
                      SELECT FROM statuses mine JOIN status_mentions m ON m.status_id = mine.id
                      WHERE mine.thread_id = s.thread_id AND mine.account_id = recipient
                        AND mine.visibility = 'direct'
                        AND m.account_id = sender AND NOT m.silent))
                THEN coalesce(p.for_private_mentions, 'filter') END] AS rules
        FROM accounts a LEFT JOIN notification_policies p ON p.account_id = recipient,
            LATERAL (SELECT EXISTS (
                SELECT FROM follows f
                WHERE f.account_id = recipient AND f.target_id = sender) AS follows) x
        WHERE a.id = sender) verdict);
