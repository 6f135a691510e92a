-- What is done with new posts of strangers: looked at in their order, see server/remote/strangers.py.
-- The ids are short, since people type them.
CREATE TABLE inbound_rules (
    id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    position  integer NOT NULL,
    condition text NOT NULL CONSTRAINT inbound_rules_condition CHECK (condition IN
        ('mentions', 'young', 'followerless', 'old', 'repeated', 'keyword', 'domain')),
    value     text NOT NULL,
    outcome   text NOT NULL CONSTRAINT inbound_rules_outcome CHECK (outcome IN
        ('drop', 'hold', 'limit', 'strip_media', 'unlist'))
);

-- Hashes of what strangers wrote and linked to: the same by several of them is a wave.
CREATE TABLE stranger_prints (
    print      bytea NOT NULL,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    seen_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (print, account_id)
);
CREATE INDEX stranger_prints_by_account ON stranger_prints (account_id);
CREATE INDEX stranger_prints_by_age ON stranger_prints (seen_at);
