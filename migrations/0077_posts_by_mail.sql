-- Whoever has no account anywhere may get a member's public posts by mail, if the member wants that.
ALTER TABLE users ADD COLUMN email_subscriptions boolean NOT NULL DEFAULT false;

CREATE TABLE email_subscriptions (
    id           bigint PRIMARY KEY DEFAULT new_id(),
    account_id   bigint NOT NULL REFERENCES users ON DELETE CASCADE,  -- whose posts
    email        text NOT NULL,  -- lower case
    locale       text NOT NULL,
    confirmed_at timestamptz,  -- null: nothing but the confirmation is mailed
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT email_subscriptions_unique UNIQUE (account_id, email)
);
CREATE INDEX email_subscriptions_by_email ON email_subscriptions (email);
CREATE INDEX email_subscriptions_unconfirmed ON email_subscriptions (created_at)
    WHERE confirmed_at IS NULL;

-- Mastodon 4.6 adds bits 20 (feeds that are closed to others), 21 (invitations that need no
-- approval) and 22 (posts by mail).
UPDATE roles SET permissions = permissions | 2097152 WHERE id = -99;
UPDATE roles SET permissions = permissions | 1048576 | 2097152 | 4194304 WHERE id = 2;

-- What a role allows: what it says itself and what everyone may; everything, with bit 0.
CREATE FUNCTION granted(role roles) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN role.permissions & 1 <> 0 THEN 8388607 ELSE role.permissions | coalesce(
        (SELECT everyone.permissions FROM roles everyone WHERE everyone.id = -99), 0) END
$$;
