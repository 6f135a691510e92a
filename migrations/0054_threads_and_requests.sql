-- When the answers to a remote post were last looked for at its origin; clients ask by the token how
-- far that has come.
CREATE TABLE thread_refreshes (
    status_id   bigint PRIMARY KEY REFERENCES statuses ON DELETE CASCADE,
    token       text NOT NULL CONSTRAINT thread_refreshes_token_unique UNIQUE,
    started_at  timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    found       integer NOT NULL DEFAULT 0
);

-- Asking to answer, favourite or boost a post whose author wants to be asked, among ourselves and
-- across servers (GoToSocial's interaction controls). Until the author agrees, an answer or a boost
-- is a direct post for the two alone; `visibility` is what it gets afterwards.
CREATE TABLE interaction_requests (
    id              bigint PRIMARY KEY DEFAULT new_id(),
    kind            text NOT NULL
        CONSTRAINT interaction_requests_kind CHECK (kind IN ('reply', 'like', 'announce')),
    account_id      bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,  -- who asks
    target_id       bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,  -- who is asked
    status_id       bigint NOT NULL REFERENCES statuses ON DELETE CASCADE,  -- about which post
    interaction_uri text NOT NULL CONSTRAINT interaction_requests_uri_unique UNIQUE,
    done_id         bigint REFERENCES statuses ON DELETE CASCADE,  -- the answer or boost, if it is here
    visibility      text,
    request_uri     text,   -- id of their request; null for what was sent without asking
    state           text NOT NULL DEFAULT 'pending'
        CONSTRAINT interaction_requests_state CHECK (state IN ('pending', 'accepted', 'rejected')),
    stamp_uri       text,   -- of an author elsewhere
    created_at      timestamptz NOT NULL DEFAULT now(),
    answered_at     timestamptz
);
CREATE INDEX interaction_requests_by_target ON interaction_requests (target_id, id DESC) WHERE state = 'pending';
CREATE INDEX interaction_requests_by_account ON interaction_requests (account_id);
CREATE INDEX interaction_requests_by_status ON interaction_requests (status_id);
CREATE INDEX interaction_requests_by_done ON interaction_requests (done_id) WHERE done_id IS NOT NULL;
