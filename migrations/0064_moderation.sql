-- What moderators do about reports, and what becomes of it.
ALTER TABLE accounts
    ADD COLUMN sensitized_at timestamptz;  -- all media is shown as sensitive

ALTER TABLE reports
    ADD COLUMN uri text CONSTRAINT reports_uri_unique UNIQUE,  -- id of the Flag, from elsewhere
    ADD COLUMN assigned_account_id bigint REFERENCES accounts ON DELETE SET NULL,
    ADD COLUMN action_taken_by_id bigint REFERENCES accounts ON DELETE SET NULL,
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX reports_by_assigned ON reports (assigned_account_id) WHERE assigned_account_id IS NOT NULL;
CREATE INDEX reports_open ON reports (target_id) WHERE action_taken_at IS NULL;

-- What moderators write to each other, about an account or a report.
CREATE TABLE moderation_notes (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    account_id bigint REFERENCES accounts ON DELETE SET NULL,  -- who wrote it
    target_id  bigint REFERENCES accounts ON DELETE CASCADE,
    report_id  bigint REFERENCES reports ON DELETE CASCADE,
    content    text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT moderation_notes_about CHECK (num_nonnulls(target_id, report_id) = 1)
);
CREATE INDEX moderation_notes_by_account ON moderation_notes (account_id);
CREATE INDEX moderation_notes_by_target ON moderation_notes (target_id, id) WHERE target_id IS NOT NULL;
CREATE INDEX moderation_notes_by_report ON moderation_notes (report_id, id) WHERE report_id IS NOT NULL;

-- What was decided about somebody; who is concerned sees it, and may appeal once.
CREATE TABLE strikes (
    id           bigint PRIMARY KEY DEFAULT new_id(),
    account_id   bigint REFERENCES accounts ON DELETE SET NULL,  -- who decided
    target_id    bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    action       text NOT NULL CONSTRAINT strikes_action CHECK (action IN (
        'none', 'disable', 'mark_statuses_as_sensitive', 'delete_statuses', 'sensitive',
        'silence', 'suspend')),
    text         text NOT NULL DEFAULT '',
    report_id    bigint REFERENCES reports ON DELETE SET NULL,
    status_ids   bigint[] NOT NULL DEFAULT '{}',  -- kept when the posts are deleted
    overruled_at timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX strikes_by_account ON strikes (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX strikes_by_target ON strikes (target_id, id DESC);
CREATE INDEX strikes_by_report ON strikes (report_id) WHERE report_id IS NOT NULL;

CREATE TABLE appeals (
    strike_id   bigint PRIMARY KEY REFERENCES strikes ON DELETE CASCADE,
    text        text NOT NULL,
    state       text NOT NULL DEFAULT 'pending'
        CONSTRAINT appeals_state CHECK (state IN ('pending', 'approved', 'rejected')),
    decided_by  bigint REFERENCES accounts ON DELETE SET NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX appeals_pending ON appeals (strike_id) WHERE state = 'pending';
CREATE INDEX appeals_by_decider ON appeals (decided_by) WHERE decided_by IS NOT NULL;

-- Texts that moderators use again and again.
CREATE TABLE warning_presets (
    id    bigint PRIMARY KEY DEFAULT new_id(),
    title text NOT NULL DEFAULT '',
    text  text NOT NULL
);

-- Whoever is suspended can come back until then; afterwards everything is erased.
CREATE TABLE suspensions (
    account_id bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    erase_at   timestamptz NOT NULL
);
CREATE INDEX suspensions_due ON suspensions (erase_at);
INSERT INTO suspensions (account_id, erase_at)
    SELECT a.id, now() + interval '30 days' FROM accounts a JOIN users u ON u.account_id = a.id
    WHERE a.suspended_at IS NOT NULL;

ALTER TABLE notifications
    ADD COLUMN strike_id bigint REFERENCES strikes ON DELETE CASCADE,
    DROP CONSTRAINT notifications_unique,
    ADD CONSTRAINT notifications_unique UNIQUE NULLS NOT DISTINCT
        (account_id, type, from_account_id, status_id, collection_id, severance_id, report_id, strike_id);
CREATE INDEX notifications_by_strike ON notifications (strike_id) WHERE strike_id IS NOT NULL;
