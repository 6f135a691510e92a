-- Who the API shows, ours and remote alike. `domain` is null for our own: a handle can change and
-- the instance can be renamed without touching a row. `revision` grows with every change that a
-- reader could see, so that rendered copies know when they are stale.
CREATE TABLE accounts (
    id                 bigint PRIMARY KEY DEFAULT new_id(),
    username           text NOT NULL CONSTRAINT accounts_username_length CHECK (length(username) BETWEEN 1 AND 500),
    domain             text,
    uri                text NOT NULL CONSTRAINT accounts_uri_unique UNIQUE,
    url                text,
    actor_type         text NOT NULL DEFAULT 'Person'
        CONSTRAINT accounts_actor_type CHECK (actor_type IN ('Person', 'Service', 'Application', 'Group', 'Organization')),
    display_name       text NOT NULL DEFAULT '',
    note               text NOT NULL DEFAULT '',  -- HTML
    note_text          text NOT NULL DEFAULT '',  -- what a member typed
    fields             jsonb NOT NULL DEFAULT '[]',  -- [{name, value (HTML), text, verified_at}]
    avatar_file        text,
    avatar_remote_url  text,
    avatar_description text NOT NULL DEFAULT '',
    header_file        text,
    header_remote_url  text,
    header_description text NOT NULL DEFAULT '',
    emojis             jsonb NOT NULL DEFAULT '[]',  -- [{shortcode, url, static_url}] of names and notes
    locked             boolean NOT NULL DEFAULT false,
    bot                boolean NOT NULL DEFAULT false,
    discoverable       boolean NOT NULL DEFAULT false,
    indexable          boolean NOT NULL DEFAULT false,
    hide_collections   boolean NOT NULL DEFAULT false,
    memorial           boolean NOT NULL DEFAULT false,
    inbox_url          text,
    shared_inbox_url   text,
    outbox_url         text,
    followers_url      text,
    following_url      text,
    featured_url       text,
    also_known_as      text[] NOT NULL DEFAULT '{}',
    moved_to_id        bigint REFERENCES accounts ON DELETE SET NULL,
    revision           integer NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL DEFAULT now(),
    fetched_at         timestamptz,  -- remote: when its actor was last read
    silenced_at        timestamptz,
    suspended_at       timestamptz
);
CREATE UNIQUE INDEX accounts_handle_unique ON accounts (lower(username), coalesce(lower(domain), ''));
CREATE INDEX accounts_by_domain ON accounts (domain) WHERE domain IS NOT NULL;
CREATE INDEX accounts_by_url ON accounts (url) WHERE url IS NOT NULL;
CREATE INDEX accounts_by_followers_url ON accounts (followers_url) WHERE followers_url IS NOT NULL;

-- Apart from accounts, since they change with every post and follow.
CREATE TABLE account_stats (
    account_id      bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    statuses_count  integer NOT NULL DEFAULT 0,
    followers_count integer NOT NULL DEFAULT 0,
    following_count integer NOT NULL DEFAULT 0,
    last_status_at  timestamptz
) WITH (fillfactor = 70);

-- `private_sealed` is there for our own actors only, encrypted with the instance's key.
CREATE TABLE actor_keys (
    uri            text PRIMARY KEY,
    account_id     bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    public_pem     text NOT NULL,
    private_sealed bytea,
    created_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX actor_keys_by_account ON actor_keys (account_id);

-- Sign-in of a local account.
CREATE TABLE users (
    account_id         bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    email              text NOT NULL,
    password_hash      text,
    role               text NOT NULL DEFAULT 'member'
        CONSTRAINT users_role CHECK (role IN ('owner', 'moderator', 'member')),
    locale             text NOT NULL DEFAULT 'en',
    default_visibility text NOT NULL DEFAULT 'public'
        CONSTRAINT users_default_visibility CHECK (default_visibility IN ('public', 'unlisted', 'private', 'direct')),
    default_sensitive  boolean NOT NULL DEFAULT false,
    default_language   text,
    default_quote_policy text NOT NULL DEFAULT 'public'
        CONSTRAINT users_default_quote_policy CHECK (default_quote_policy IN ('public', 'followers', 'nobody')),
    confirmed_at       timestamptz,
    approved_at        timestamptz,
    disabled_at        timestamptz,
    created_at         timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_email_unique ON users (lower(email));
