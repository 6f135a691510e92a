-- Whatever opens a door is stored as its SHA-256: a dump of these tables lets nobody in.
CREATE TABLE apps (
    id            bigint PRIMARY KEY DEFAULT new_id(),
    client_id     text NOT NULL CONSTRAINT apps_client_id_unique UNIQUE,
    secret_hash   bytea NOT NULL,
    name          text NOT NULL,
    website       text,
    redirect_uris text[] NOT NULL,
    scopes        text[] NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now()
);

-- Authorisation codes (RFC 6749, 4.1), each good for one exchange.
CREATE TABLE grants (
    code_hash             bytea PRIMARY KEY,
    app_id                bigint NOT NULL REFERENCES apps ON DELETE CASCADE,
    account_id            bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    redirect_uri          text NOT NULL,
    scopes                text[] NOT NULL,
    code_challenge        text,  -- PKCE S256 (RFC 7636)
    expires_at            timestamptz NOT NULL,
    used_at               timestamptz
);

-- `account_id` is null for an app's own token (client credentials).
CREATE TABLE tokens (
    id           bigint PRIMARY KEY DEFAULT new_id(),
    token_hash   bytea NOT NULL CONSTRAINT tokens_hash_unique UNIQUE,
    app_id       bigint NOT NULL REFERENCES apps ON DELETE CASCADE,
    account_id   bigint REFERENCES users ON DELETE CASCADE,
    grant_hash   bytea,  -- the code it came from: a code used twice revokes it
    scopes       text[] NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz
);
CREATE INDEX tokens_by_account ON tokens (account_id);
CREATE INDEX tokens_by_app ON tokens (app_id);
CREATE INDEX tokens_by_grant ON tokens (grant_hash) WHERE grant_hash IS NOT NULL;

-- Browser sessions of the pages.
CREATE TABLE sessions (
    token_hash   bytea PRIMARY KEY,
    account_id   bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    user_agent   text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account_id);

-- Links that work once: the first owner's, a password reset.
CREATE TABLE one_time_links (
    token_hash bytea PRIMARY KEY,
    purpose    text NOT NULL
        CONSTRAINT one_time_links_purpose CHECK (purpose IN ('first_owner', 'password')),
    account_id bigint REFERENCES users ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
