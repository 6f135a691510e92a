-- Emoji under a status, several of a person. `name` is the emoji itself, or the shortcode of a
-- custom one: then `picture` is {file, static_file} for ours and {url, static_url} for one of
-- `domain`.
CREATE TABLE reactions (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    status_id  bigint NOT NULL REFERENCES statuses ON DELETE CASCADE,
    name       text NOT NULL,
    domain     text,
    picture    jsonb,
    uri        text,
    CONSTRAINT reactions_unique UNIQUE NULLS NOT DISTINCT (status_id, account_id, name, domain)
);
CREATE INDEX reactions_by_account ON reactions (account_id, status_id);

-- Deletes a member's own old posts; each column says what stays. `last_run_at` spreads the work.
CREATE TABLE cleanup_policies (
    account_id         bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    enabled            boolean NOT NULL,
    min_status_age     integer NOT NULL,  -- in seconds
    keep_direct        boolean NOT NULL,
    keep_pinned        boolean NOT NULL,
    keep_polls         boolean NOT NULL,
    keep_media         boolean NOT NULL,
    keep_self_fav      boolean NOT NULL,
    keep_self_bookmark boolean NOT NULL,
    min_favs           integer,
    min_reblogs        integer,
    last_run_at        timestamptz,
    CONSTRAINT cleanup_policies_age CHECK (min_status_age >= 604800)
);
CREATE INDEX cleanup_policies_by_run ON cleanup_policies (last_run_at NULLS FIRST) WHERE enabled;

-- Follows that a member lost by a decision of moderators, or by an own block of a domain.
CREATE TABLE severances (
    id              bigint PRIMARY KEY DEFAULT new_id(),
    account_id      bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    type            text NOT NULL
        CONSTRAINT severances_type CHECK (type IN ('domain_block', 'user_domain_block', 'account_suspension')),
    target_name     text NOT NULL,
    purged          boolean NOT NULL DEFAULT false,
    followers_count integer NOT NULL,
    following_count integer NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX severances_by_account ON severances (account_id);

CREATE TABLE severed_follows (
    severance_id bigint NOT NULL REFERENCES severances ON DELETE CASCADE,
    account_id   bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,  -- the other one
    is_follower  boolean NOT NULL,  -- whether the other one followed, else was followed
    show_boosts  boolean NOT NULL,
    notify       boolean NOT NULL,
    languages    text[],
    PRIMARY KEY (severance_id, account_id, is_follower)
);
CREATE INDEX severed_follows_by_account ON severed_follows (account_id);

-- Each event is told, and not as if it were the one before.
ALTER TABLE notifications
    ADD COLUMN severance_id bigint REFERENCES severances ON DELETE CASCADE,
    DROP CONSTRAINT notifications_unique,
    ADD CONSTRAINT notifications_unique UNIQUE NULLS NOT DISTINCT
        (account_id, type, from_account_id, status_id, collection_id, severance_id);
CREATE INDEX notifications_by_severance ON notifications (severance_id) WHERE severance_id IS NOT NULL;

ALTER TABLE users
    ADD COLUMN default_content_type text NOT NULL DEFAULT 'text/plain'
        CONSTRAINT users_default_content_type
        CHECK (default_content_type IN ('text/plain', 'text/markdown', 'text/html'));
