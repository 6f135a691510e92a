-- What a reported post said when it was reported: its author may delete it before anybody looks.
-- Goes with the account, and a month after the report is done.
CREATE TABLE reported_posts (
    report_id    bigint NOT NULL REFERENCES reports ON DELETE CASCADE,
    status_id    bigint NOT NULL,
    account_id   bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,  -- its author
    content      text NOT NULL,
    spoiler_text text NOT NULL,
    visibility   text NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (report_id, status_id)
);
CREATE INDEX reported_posts_by_account ON reported_posts (account_id);
