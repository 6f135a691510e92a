-- An account that moved, with those who followed it then. `carried_at` is set when notes and mutes
-- of our members were carried over, so that a job that runs twice does so once.
CREATE TABLE moves (
    id              bigint PRIMARY KEY DEFAULT new_id(),
    account_id      bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    target_id       bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    followers_count integer NOT NULL,
    carried_at      timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX moves_by_account ON moves (account_id, id DESC);
CREATE INDEX moves_by_target ON moves (target_id, id DESC);

CREATE TABLE move_followers (
    move_id    bigint NOT NULL REFERENCES moves ON DELETE CASCADE,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    PRIMARY KEY (move_id, account_id)
);
CREATE INDEX move_followers_by_account ON move_followers (account_id);
CREATE INDEX accounts_moved ON accounts (moved_to_id) WHERE moved_to_id IS NOT NULL;
