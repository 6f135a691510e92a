-- What members tell moderators of somebody.
CREATE TABLE reports (
    id              bigint PRIMARY KEY DEFAULT new_id(),
    account_id      bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,  -- who reports
    target_id       bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    comment         text NOT NULL DEFAULT '',
    category        text NOT NULL DEFAULT 'other'
        CONSTRAINT reports_category CHECK (category IN ('spam', 'legal', 'violation', 'other')),
    status_ids      bigint[] NOT NULL DEFAULT '{}',  -- kept when the posts are deleted
    rule_ids        bigint[] NOT NULL DEFAULT '{}',
    collection_ids  bigint[] NOT NULL DEFAULT '{}',
    forwarded       boolean NOT NULL DEFAULT false,
    action_taken_at timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX reports_by_account ON reports (account_id, id DESC);
CREATE INDEX reports_by_target ON reports (target_id, id DESC);

ALTER TABLE notifications
    ADD COLUMN report_id bigint REFERENCES reports ON DELETE CASCADE,
    DROP CONSTRAINT notifications_unique,
    ADD CONSTRAINT notifications_unique UNIQUE NULLS NOT DISTINCT
        (account_id, type, from_account_id, status_id, collection_id, severance_id, report_id);
CREATE INDEX notifications_by_report ON notifications (report_id) WHERE report_id IS NOT NULL;
