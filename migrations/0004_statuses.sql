-- Posts and boosts (a boost is a status with `boost_of_id`), ours and remote. A deleted status is
-- deleted: what must be remembered of it is its tombstone.
CREATE TABLE statuses (
    id                     bigint PRIMARY KEY DEFAULT new_id(),
    account_id             bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    uri                    text NOT NULL CONSTRAINT statuses_uri_unique UNIQUE,
    url                    text,
    local                  boolean NOT NULL,
    visibility             text NOT NULL
        CONSTRAINT statuses_visibility CHECK (visibility IN ('public', 'unlisted', 'private', 'direct')),
    content                text NOT NULL DEFAULT '',  -- HTML
    text                   text,                      -- what a member typed
    content_type           text NOT NULL DEFAULT 'text/plain',
    spoiler_text           text NOT NULL DEFAULT '',
    sensitive              boolean NOT NULL DEFAULT false,
    language               text,
    in_reply_to_id         bigint REFERENCES statuses ON DELETE SET NULL,
    in_reply_to_account_id bigint REFERENCES accounts ON DELETE SET NULL,
    in_reply_to_uri        text,  -- kept while the parent is not known here
    boost_of_id            bigint REFERENCES statuses ON DELETE CASCADE,
    thread_id              bigint NOT NULL,  -- id of the earliest status of the thread known when it came
    app_id                 bigint REFERENCES apps ON DELETE SET NULL,
    emojis                 jsonb NOT NULL DEFAULT '[]',  -- [{shortcode, url, static_url}] in content
    revision               integer NOT NULL DEFAULT 1,
    created_at             timestamptz NOT NULL DEFAULT now(),
    edited_at              timestamptz
);
CREATE INDEX statuses_by_account ON statuses (account_id, id DESC);
CREATE UNIQUE INDEX statuses_boost_unique ON statuses (account_id, boost_of_id) WHERE boost_of_id IS NOT NULL;
CREATE INDEX statuses_by_boost_of ON statuses (boost_of_id, id DESC) WHERE boost_of_id IS NOT NULL;
CREATE INDEX statuses_by_parent ON statuses (in_reply_to_id) WHERE in_reply_to_id IS NOT NULL;
CREATE INDEX statuses_by_parent_uri ON statuses (in_reply_to_uri) WHERE in_reply_to_uri IS NOT NULL;
CREATE INDEX statuses_by_url ON statuses (url) WHERE url IS NOT NULL;
CREATE INDEX statuses_by_thread ON statuses (thread_id);
-- Public timelines: no boosts, no answers to others (an author's own threads stay).
CREATE INDEX statuses_public ON statuses (id DESC)
    WHERE visibility = 'public' AND boost_of_id IS NULL
      AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = account_id) AND in_reply_to_uri IS NULL;
CREATE INDEX statuses_public_local ON statuses (id DESC)
    WHERE visibility = 'public' AND boost_of_id IS NULL AND local
      AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = account_id) AND in_reply_to_uri IS NULL;

CREATE TABLE status_stats (
    status_id        bigint PRIMARY KEY REFERENCES statuses ON DELETE CASCADE,
    replies_count    integer NOT NULL DEFAULT 0,
    boosts_count     integer NOT NULL DEFAULT 0,
    favourites_count integer NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

-- Each version of an edited status, the first one included; written when it is first edited.
CREATE TABLE status_edits (
    id           bigint PRIMARY KEY DEFAULT new_id(),
    status_id    bigint NOT NULL REFERENCES statuses ON DELETE CASCADE,
    content      text NOT NULL,
    spoiler_text text NOT NULL,
    sensitive    boolean NOT NULL,
    media        jsonb NOT NULL DEFAULT '[]',  -- [{id, description}] as they were
    created_at   timestamptz NOT NULL
);
CREATE INDEX status_edits_by_status ON status_edits (status_id, id);

-- `silent` mentions give access without a notification (addressed, not named in the text).
CREATE TABLE status_mentions (
    status_id  bigint NOT NULL REFERENCES statuses ON DELETE CASCADE,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    silent     boolean NOT NULL DEFAULT false,
    PRIMARY KEY (status_id, account_id)
);
CREATE INDEX status_mentions_by_account ON status_mentions (account_id, status_id DESC);

CREATE TABLE tags (
    id           bigint PRIMARY KEY DEFAULT new_id(),
    name         text NOT NULL CONSTRAINT tags_name_unique UNIQUE,  -- folded: lower case
    display_name text NOT NULL,  -- as first written
    created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE status_tags (
    tag_id    bigint NOT NULL REFERENCES tags ON DELETE CASCADE,
    status_id bigint NOT NULL REFERENCES statuses ON DELETE CASCADE,
    PRIMARY KEY (tag_id, status_id)
);
CREATE INDEX status_tags_by_status ON status_tags (status_id);

CREATE TABLE favourites (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    status_id  bigint NOT NULL REFERENCES statuses ON DELETE CASCADE,
    uri        text,
    CONSTRAINT favourites_unique UNIQUE (account_id, status_id)
);
CREATE INDEX favourites_by_status ON favourites (status_id, id DESC);
CREATE INDEX favourites_by_account ON favourites (account_id, id DESC);

CREATE TABLE bookmarks (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    status_id  bigint NOT NULL REFERENCES statuses ON DELETE CASCADE,
    CONSTRAINT bookmarks_unique UNIQUE (account_id, status_id)
);
CREATE INDEX bookmarks_by_account ON bookmarks (account_id, id DESC);
CREATE INDEX bookmarks_by_status ON bookmarks (status_id);

CREATE TABLE status_pins (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    status_id  bigint NOT NULL REFERENCES statuses ON DELETE CASCADE,
    CONSTRAINT status_pins_unique UNIQUE (account_id, status_id)
);
CREATE INDEX status_pins_by_status ON status_pins (status_id);

CREATE TABLE media_attachments (
    id               bigint PRIMARY KEY DEFAULT new_id(),
    account_id       bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    status_id        bigint REFERENCES statuses ON DELETE SET NULL,
    position         smallint NOT NULL DEFAULT 0,
    type             text NOT NULL DEFAULT 'unknown'
        CONSTRAINT media_attachments_type CHECK (type IN ('image', 'gifv', 'video', 'audio', 'unknown')),
    content_type     text NOT NULL DEFAULT '',
    file             text,  -- name in the media storage
    small_file       text,
    remote_url       text,
    small_remote_url text,
    description      text,
    blurhash         text,
    meta             jsonb NOT NULL DEFAULT '{}',
    created_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX media_attachments_by_status ON media_attachments (status_id, position) WHERE status_id IS NOT NULL;
CREATE INDEX media_attachments_by_account ON media_attachments (account_id, id);

-- The first answer to an Idempotency-Key, kept for an hour.
CREATE TABLE idempotency_keys (
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    key        text NOT NULL,
    status_id  bigint NOT NULL REFERENCES statuses ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotency_keys_by_status ON idempotency_keys (status_id);

-- What is gone, so that it does not come back by a late or repeated activity.
CREATE TABLE tombstones (
    uri        text PRIMARY KEY,
    actor_uri  text NOT NULL,
    deleted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX tombstones_by_age ON tombstones (deleted_at);
