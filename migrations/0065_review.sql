-- What moderators say of tags, posts and links that trend. Null: nothing was said, and the setting
-- `trendable_by_default` counts.
ALTER TABLE tags
    ADD COLUMN usable boolean NOT NULL DEFAULT true,    -- false: counts for nothing
    ADD COLUMN listable boolean NOT NULL DEFAULT true,  -- false: is found by no search
    ADD COLUMN trendable boolean,
    ADD COLUMN reviewed_at timestamptz;
ALTER TABLE statuses ADD COLUMN trendable boolean;
ALTER TABLE cards ADD COLUMN trendable boolean;

-- Sites whose pages trended.
CREATE TABLE publishers (
    id          bigint PRIMARY KEY DEFAULT new_id(),
    domain      text NOT NULL CONSTRAINT publishers_domain_unique UNIQUE,
    trendable   boolean,
    reviewed_at timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now()
);

-- On which days members were here, counted now and then out of what their tokens and sessions say.
CREATE TABLE active_days (
    day        date NOT NULL,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    PRIMARY KEY (day, account_id)
);
CREATE INDEX active_days_by_account ON active_days (account_id);
