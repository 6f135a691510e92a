CREATE TABLE filters (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    account_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    title      text NOT NULL,
    contexts   text[] NOT NULL,
    action     text NOT NULL DEFAULT 'warn'
        CONSTRAINT filters_action CHECK (action IN ('warn', 'hide', 'blur')),
    expires_at timestamptz
);
CREATE INDEX filters_by_account ON filters (account_id, id);

CREATE TABLE filter_keywords (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    filter_id  bigint NOT NULL REFERENCES filters ON DELETE CASCADE,
    keyword    text NOT NULL,
    whole_word boolean NOT NULL DEFAULT true
);
CREATE INDEX filter_keywords_by_filter ON filter_keywords (filter_id, id);

CREATE TABLE filter_statuses (
    id        bigint PRIMARY KEY DEFAULT new_id(),
    filter_id bigint NOT NULL REFERENCES filters ON DELETE CASCADE,
    status_id bigint NOT NULL REFERENCES statuses ON DELETE CASCADE,
    CONSTRAINT filter_statuses_unique UNIQUE (filter_id, status_id)
);
CREATE INDEX filter_statuses_by_status ON filter_statuses (status_id);
