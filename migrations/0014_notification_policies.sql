-- Whose notifications a member takes: 'accept', 'filter' (into requests) or 'drop'. The defaults
-- are those of who never chose.
CREATE TABLE notification_policies (
    account_id           bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    for_not_following    text NOT NULL DEFAULT 'accept',
    for_not_followers    text NOT NULL DEFAULT 'accept',
    for_new_accounts     text NOT NULL DEFAULT 'accept',
    for_private_mentions text NOT NULL DEFAULT 'filter',
    for_limited_accounts text NOT NULL DEFAULT 'filter',
    for_bots             text NOT NULL DEFAULT 'accept'
);

-- Senders whose request was accepted: the policy does not hold for them.
CREATE TABLE notification_permissions (
    account_id      bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    from_account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    PRIMARY KEY (account_id, from_account_id)
);
CREATE INDEX notification_permissions_by_sender ON notification_permissions (from_account_id);

-- One for each sender whose notifications were filtered.
CREATE TABLE notification_requests (
    id              bigint PRIMARY KEY DEFAULT new_id(),
    account_id      bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    from_account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    last_status_id  bigint REFERENCES statuses ON DELETE SET NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT notification_requests_unique UNIQUE (account_id, from_account_id)
);
CREATE INDEX notification_requests_by_sender ON notification_requests (from_account_id);
CREATE INDEX notification_requests_by_status ON notification_requests (last_status_id) WHERE last_status_id IS NOT NULL;

ALTER TABLE notifications ADD COLUMN filtered boolean NOT NULL DEFAULT false;
CREATE INDEX notifications_filtered ON notifications (account_id, from_account_id) WHERE filtered;
CREATE INDEX notifications_by_group ON notifications (account_id, group_key, id DESC) WHERE group_key IS NOT NULL;

-- What a member's policy says of a sender: the strictest of all that apply.
CREATE FUNCTION notification_verdict(recipient bigint, sender bigint, kind text, about bigint)
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
            CASE WHEN a.created_at > now() - interval '30 days'
                THEN coalesce(p.for_new_accounts, 'accept') END,
            CASE WHEN a.silenced_at IS NOT NULL AND NOT follows
                THEN coalesce(p.for_limited_accounts, 'filter') END,
            CASE WHEN a.bot AND NOT follows THEN coalesce(p.for_bots, 'accept') END,
            -- Unasked: it answers nothing that the recipient wrote.
            CASE WHEN kind = 'mention' AND NOT follows AND EXISTS (
                SELECT FROM statuses s WHERE s.id = about AND s.visibility = 'direct'
                  AND NOT EXISTS (SELECT FROM statuses mine WHERE mine.thread_id = s.thread_id
                                  AND mine.account_id = recipient))
                THEN coalesce(p.for_private_mentions, 'filter') END] AS rules
        FROM accounts a LEFT JOIN notification_policies p ON p.account_id = recipient,
            LATERAL (SELECT EXISTS (
                SELECT FROM follows f
                WHERE f.account_id = recipient AND f.target_id = sender) AS follows) x
        WHERE a.id = sender) verdict);
