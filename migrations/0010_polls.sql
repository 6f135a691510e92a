-- A question with choices on a status. `votes` has one number for each option: ours are counted,
-- those of a remote poll are as its origin tells.
CREATE TABLE polls (
    status_id    bigint PRIMARY KEY REFERENCES statuses ON DELETE CASCADE,
    account_id   bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    options      text[] NOT NULL,
    votes        integer[] NOT NULL,
    voters_count integer,      -- null: the origin does not tell
    multiple     boolean NOT NULL DEFAULT false,
    hide_totals  boolean NOT NULL DEFAULT false,
    expires_at   timestamptz,  -- null: open without end
    closed_at    timestamptz,  -- when its end was told
    fetched_at   timestamptz,  -- remote: when its counts were last read
    CONSTRAINT polls_votes_of_options CHECK (cardinality(votes) = cardinality(options))
);
CREATE INDEX polls_by_account ON polls (account_id);

CREATE TABLE poll_votes (
    status_id  bigint NOT NULL REFERENCES polls ON DELETE CASCADE,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    choice     smallint NOT NULL,  -- place in options, from 0
    uri        text,
    PRIMARY KEY (status_id, account_id, choice)
);
CREATE INDEX poll_votes_by_account ON poll_votes (account_id, status_id);

-- The options as they were in a version of an edited status.
ALTER TABLE status_edits ADD COLUMN poll_options text[];
