-- Home and list timelines are written when a status comes (one INSERT … SELECT over followers),
-- so that reading a page is one walk down an index. `shown_id` is what a reader sees (the boosted
-- status of a boost), to not show it twice.
CREATE TABLE home_entries (
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    status_id  bigint NOT NULL REFERENCES statuses ON DELETE CASCADE,
    shown_id   bigint NOT NULL,
    author_id  bigint NOT NULL,  -- who posted or boosted, to take them out again
    PRIMARY KEY (account_id, status_id)
);
CREATE INDEX home_entries_by_status ON home_entries (status_id);
CREATE INDEX home_entries_by_shown ON home_entries (account_id, shown_id);
CREATE INDEX home_entries_by_author ON home_entries (account_id, author_id);

CREATE TABLE list_entries (
    list_id   bigint NOT NULL REFERENCES lists ON DELETE CASCADE,
    status_id bigint NOT NULL REFERENCES statuses ON DELETE CASCADE,
    shown_id  bigint NOT NULL,
    author_id bigint NOT NULL,
    PRIMARY KEY (list_id, status_id)
);
CREATE INDEX list_entries_by_status ON list_entries (status_id);
CREATE INDEX list_entries_by_shown ON list_entries (list_id, shown_id);
CREATE INDEX list_entries_by_author ON list_entries (list_id, author_id);

CREATE TABLE notifications (
    id              bigint PRIMARY KEY DEFAULT new_id(),
    account_id      bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    type            text NOT NULL,
    from_account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    status_id       bigint REFERENCES statuses ON DELETE CASCADE,
    group_key       text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    -- The same activity sent again must not notify again.
    CONSTRAINT notifications_unique UNIQUE NULLS NOT DISTINCT (account_id, type, from_account_id, status_id)
);
CREATE INDEX notifications_by_account ON notifications (account_id, id DESC);
CREATE INDEX notifications_by_status ON notifications (status_id) WHERE status_id IS NOT NULL;
CREATE INDEX notifications_by_sender ON notifications (from_account_id);

-- One row per member and circle of a direct thread.
CREATE TABLE conversations (
    id              bigint PRIMARY KEY DEFAULT new_id(),
    account_id      bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    thread_id       bigint NOT NULL,
    participant_ids bigint[] NOT NULL,  -- sorted, without the member
    last_status_id  bigint NOT NULL REFERENCES statuses ON DELETE CASCADE,
    unread          boolean NOT NULL DEFAULT false,
    CONSTRAINT conversations_unique UNIQUE (account_id, thread_id, participant_ids)
);
CREATE INDEX conversations_by_account ON conversations (account_id, last_status_id DESC);
CREATE INDEX conversations_by_last_status ON conversations (last_status_id);

CREATE TABLE markers (
    account_id   bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    timeline     text NOT NULL CONSTRAINT markers_timeline CHECK (timeline IN ('home', 'notifications')),
    last_read_id bigint NOT NULL,
    version      integer NOT NULL DEFAULT 0,
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, timeline)
);
