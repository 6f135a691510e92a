-- Links with which members let others in: one for a colleague, or one for many. The code is hashed
-- to be found and sealed to be shown again to who made it.
CREATE TABLE invites (
    id          bigint PRIMARY KEY DEFAULT new_id(),
    account_id  bigint NOT NULL REFERENCES users ON DELETE CASCADE,  -- who invites
    code_hash   bytea NOT NULL CONSTRAINT invites_code_unique UNIQUE,
    code_sealed bytea NOT NULL,
    comment     text NOT NULL DEFAULT '',
    max_uses    integer CONSTRAINT invites_max_uses CHECK (max_uses > 0),  -- null: any number
    uses        integer NOT NULL DEFAULT 0,
    autofollow  boolean NOT NULL DEFAULT false,  -- who comes follows who invited
    expires_at  timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX invites_by_account ON invites (account_id, id DESC);

ALTER TABLE users
    ADD COLUMN sign_up_reason text,
    ADD COLUMN sign_up_ip inet,
    ADD COLUMN last_sign_in_at timestamptz,
    ADD COLUMN last_sign_in_ip inet,
    ADD COLUMN invite_id bigint REFERENCES invites ON DELETE SET NULL,
    ADD COLUMN created_by_app_id bigint REFERENCES apps ON DELETE SET NULL,
    ADD COLUMN age_verified_at timestamptz,  -- old enough then; the date of birth is not kept
    ADD COLUMN unconfirmed_email text;  -- replaces `email` once confirmed
CREATE INDEX users_by_invite ON users (invite_id) WHERE invite_id IS NOT NULL;
CREATE INDEX users_pending ON users (created_at) WHERE approved_at IS NULL;

-- Members of a role that demands it do nothing before they have a second factor.
ALTER TABLE roles ADD COLUMN require_2fa boolean NOT NULL DEFAULT false;

ALTER TABLE sessions
    ADD COLUMN id bigint NOT NULL DEFAULT new_id() CONSTRAINT sessions_id_unique UNIQUE,
    ADD COLUMN ip inet,
    ADD COLUMN last_seen_at timestamptz NOT NULL DEFAULT now();

-- Time-based codes (RFC 6238). Without `confirmed_at` the secret was shown and not yet proven;
-- `last_step` is the time step of the last code that was taken, so that none is good twice.
CREATE TABLE totp_secrets (
    account_id    bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    secret_sealed bytea NOT NULL,
    confirmed_at  timestamptz,
    last_step     bigint NOT NULL DEFAULT 0
);

-- Keyed hashes: these codes are short enough for people to type, so a plain hash could be guessed.
CREATE TABLE recovery_codes (
    account_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    code_hash  bytea NOT NULL,
    PRIMARY KEY (account_id, code_hash)
);

-- Credentials of WebAuthn; only public halves are known here.
CREATE TABLE passkeys (
    id            bigint PRIMARY KEY DEFAULT new_id(),
    account_id    bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    credential_id bytea NOT NULL CONSTRAINT passkeys_credential_unique UNIQUE,
    public_key    bytea NOT NULL,  -- COSE
    sign_count    bigint NOT NULL DEFAULT 0,
    transports    text[] NOT NULL DEFAULT '{}',
    name          text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    last_used_at  timestamptz
);
CREATE INDEX passkeys_by_account ON passkeys (account_id, id);

-- What a browser has begun and must finish: the step after the password, or an answer of a passkey.
-- `account_id` is null while a passkey has yet to say whose it is.
CREATE TABLE challenges (
    token_hash bytea PRIMARY KEY,
    purpose    text NOT NULL
        CONSTRAINT challenges_purpose CHECK (purpose IN ('second_factor', 'passkey', 'new_passkey')),
    account_id bigint REFERENCES users ON DELETE CASCADE,
    challenge  bytea NOT NULL DEFAULT '',  -- the random bytes that a passkey signs
    expires_at timestamptz NOT NULL
);
CREATE INDEX challenges_by_account ON challenges (account_id);

-- How often somebody tried something lately, by what and a hash of whom (an address, an account).
CREATE TABLE attempts (
    kind       text NOT NULL,
    subject    bytea NOT NULL,
    count      integer NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, subject)
);
CREATE INDEX attempts_by_age ON attempts (started_at);

-- A link that confirms an address confirms the one that it was sent to, and no other.
ALTER TABLE one_time_links
    ADD COLUMN email text,
    DROP CONSTRAINT one_time_links_purpose,
    ADD CONSTRAINT one_time_links_purpose
        CHECK (purpose IN ('first_owner', 'password', 'confirmation'));
CREATE INDEX one_time_links_by_account ON one_time_links (account_id);
