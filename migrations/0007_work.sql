-- The row is the job: written with what it is for, deleted when done. `claimed_until` is a lease
-- that the worker renews; whatever a dead worker held is taken up when it runs out.
CREATE TABLE jobs (
    id            bigint PRIMARY KEY DEFAULT new_id(),
    name          text NOT NULL,
    args          jsonb NOT NULL DEFAULT '[]',
    once_key      text CONSTRAINT jobs_once_unique UNIQUE,  -- at most one waiting job of a kind
    run_at        timestamptz NOT NULL DEFAULT now(),
    tries         integer NOT NULL DEFAULT 0,
    claimed_by    uuid,
    claimed_until timestamptz,
    failed_at     timestamptz,  -- given up; kept to look at
    error         text
);
CREATE INDEX jobs_due ON jobs (name, run_at, id) WHERE failed_at IS NULL;
CREATE INDEX jobs_by_claim ON jobs (claimed_by) WHERE claimed_by IS NOT NULL;

-- An activity that leaves, stored once; one delivery for each inbox that it goes to.
CREATE TABLE outgoing (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,  -- whose key signs
    body       bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE deliveries (
    id            bigint PRIMARY KEY DEFAULT new_id(),
    outgoing_id   bigint NOT NULL REFERENCES outgoing ON DELETE CASCADE,
    inbox_url     text NOT NULL,
    host          text NOT NULL,
    priority      smallint NOT NULL DEFAULT 1,  -- 0 = to somebody named, 1 = to followers
    attempts      integer NOT NULL DEFAULT 0,
    next_at       timestamptz NOT NULL DEFAULT now(),
    claimed_by    uuid,
    claimed_until timestamptz,
    CONSTRAINT deliveries_unique UNIQUE (outgoing_id, inbox_url)
);
CREATE INDEX deliveries_due ON deliveries (priority, next_at, id);
CREATE INDEX deliveries_by_host ON deliveries (host);
CREATE INDEX deliveries_by_claim ON deliveries (claimed_by) WHERE claimed_by IS NOT NULL;

-- Where a status of ours was sent, so that its Delete and Update reach the same inboxes.
CREATE TABLE status_inboxes (
    status_id bigint NOT NULL,  -- outlives the status: its Delete needs it
    inbox_url text NOT NULL,
    PRIMARY KEY (status_id, inbox_url)
);

-- Health of a remote host, for all deliveries to it.
CREATE TABLE hosts (
    host          text PRIMARY KEY,
    failures      integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    paused_until  timestamptz,
    seen_at       timestamptz NOT NULL DEFAULT now()
);

-- An activity that came in and was verified; its effect is made by a job.
CREATE TABLE received (
    id           bigint PRIMARY KEY DEFAULT new_id(),
    actor_uri    text NOT NULL,
    uri          text,
    type         text NOT NULL,
    body         bytea NOT NULL,
    received_at  timestamptz NOT NULL DEFAULT now(),
    processed_at timestamptz,
    error        text
);
-- For the kinds that are not taken up again under an id that was seen (all others are looked at
-- each time: some servers use one id for every Follow of a pair).
CREATE UNIQUE INDEX received_once ON received (actor_uri, uri)
    WHERE uri IS NOT NULL AND type IN ('Create', 'Announce', 'Like', 'Flag');
CREATE INDEX received_by_age ON received (received_at);
