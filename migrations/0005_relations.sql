-- A pending follow stands in a table of its own: no query can forget the difference and show a
-- stranger what is for followers.
CREATE TABLE follows (
    id          bigint PRIMARY KEY DEFAULT new_id(),
    account_id  bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,  -- who follows
    target_id   bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    uri         text,  -- id of the Follow; the latest one counts
    show_boosts boolean NOT NULL DEFAULT true,
    notify      boolean NOT NULL DEFAULT false,
    languages   text[],
    CONSTRAINT follows_unique UNIQUE (account_id, target_id)
);
CREATE INDEX follows_by_target ON follows (target_id, id DESC);
CREATE INDEX follows_by_account ON follows (account_id, id DESC);

CREATE TABLE follow_requests (
    id          bigint PRIMARY KEY DEFAULT new_id(),
    account_id  bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    target_id   bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    uri         text,
    show_boosts boolean NOT NULL DEFAULT true,
    notify      boolean NOT NULL DEFAULT false,
    languages   text[],
    CONSTRAINT follow_requests_unique UNIQUE (account_id, target_id)
);
CREATE INDEX follow_requests_by_target ON follow_requests (target_id, id DESC);

CREATE TABLE blocks (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    target_id  bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    uri        text,
    CONSTRAINT blocks_unique UNIQUE (account_id, target_id)
);
CREATE INDEX blocks_by_target ON blocks (target_id);

CREATE TABLE mutes (
    id                 bigint PRIMARY KEY DEFAULT new_id(),
    account_id         bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    target_id          bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    hide_notifications boolean NOT NULL DEFAULT true,
    expires_at         timestamptz,
    CONSTRAINT mutes_unique UNIQUE (account_id, target_id)
);
CREATE INDEX mutes_by_target ON mutes (target_id);

CREATE TABLE thread_mutes (
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    thread_id  bigint NOT NULL,
    PRIMARY KEY (account_id, thread_id)
);

-- A private note about somebody, for its writer alone.
CREATE TABLE account_notes (
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    target_id  bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    comment    text NOT NULL,
    PRIMARY KEY (account_id, target_id)
);
CREATE INDEX account_notes_by_target ON account_notes (target_id);

CREATE TABLE lists (
    id             bigint PRIMARY KEY DEFAULT new_id(),
    account_id     bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    title          text NOT NULL,
    replies_policy text NOT NULL DEFAULT 'list'
        CONSTRAINT lists_replies_policy CHECK (replies_policy IN ('list', 'followed', 'none')),
    exclusive      boolean NOT NULL DEFAULT false
);
CREATE INDEX lists_by_account ON lists (account_id);
CREATE TABLE list_accounts (
    list_id    bigint NOT NULL REFERENCES lists ON DELETE CASCADE,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    PRIMARY KEY (list_id, account_id)
);
CREATE INDEX list_accounts_by_account ON list_accounts (account_id);

CREATE TABLE tag_follows (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    tag_id     bigint NOT NULL REFERENCES tags ON DELETE CASCADE,
    CONSTRAINT tag_follows_unique UNIQUE (account_id, tag_id)
);
CREATE INDEX tag_follows_by_tag ON tag_follows (tag_id);
