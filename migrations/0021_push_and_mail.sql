-- Keys of the instance itself, made once; the private half is encrypted with the instance's key.
CREATE TABLE instance_keys (
    name           text PRIMARY KEY,
    public         bytea NOT NULL,
    private_sealed bytea NOT NULL
);

-- One a token, and gone with it. What opens a door is encrypted with the instance's key: the token
-- itself (apps find the account by it) and the secret that the app shares with us.
CREATE TABLE push_subscriptions (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,  -- apps read it into 32 bits
    token_id     bigint NOT NULL REFERENCES tokens ON DELETE CASCADE
        CONSTRAINT push_subscriptions_token_unique UNIQUE,
    token_sealed bytea NOT NULL,
    endpoint     text NOT NULL,
    p256dh       bytea NOT NULL,  -- the app's public key, an uncompressed point
    auth_sealed  bytea NOT NULL,
    standard     boolean NOT NULL,  -- RFC 8291, not the draft before it
    alerts       text[] NOT NULL,  -- kinds of notifications
    policy       text NOT NULL
        CONSTRAINT push_subscriptions_policy CHECK (policy IN ('all', 'followed', 'follower', 'none'))
);

-- What a member chose about mails of a kind; without a row the default holds.
CREATE TABLE mail_choices (
    account_id   bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    kind         text NOT NULL,
    wanted       boolean,
    mailed_until bigint NOT NULL DEFAULT 0,  -- the last notification of the kind that was mailed
    PRIMARY KEY (account_id, kind)
);

-- In push messages a notification's id is a number, as apps expect, and JavaScript reads numbers
-- exactly below 2^53 only: 42 bits of milliseconds (until 2109) and 11 of a sequence.
CREATE SEQUENCE notification_sequence CYCLE MAXVALUE 2047 MINVALUE 0;
CREATE FUNCTION notification_id_at(at timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT floor(extract(epoch FROM at) * 1000)::bigint << 11
$$;
CREATE FUNCTION new_notification_id() RETURNS bigint
LANGUAGE sql VOLATILE PARALLEL UNSAFE AS $$
    SELECT notification_id_at(clock_timestamp()) | nextval('notification_sequence')
$$;
ALTER TABLE notifications ALTER COLUMN id SET DEFAULT new_notification_id();
UPDATE notifications SET id = ((id >> 16) << 11) | (id & 2047) WHERE id >= 1::bigint << 53;
UPDATE markers SET last_read_id = ((last_read_id >> 16) << 11) | (last_read_id & 2047)
    WHERE timeline = 'notifications' AND last_read_id >= 1::bigint << 53;
