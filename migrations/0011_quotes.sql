-- Who may quote a post: circles ('public', 'followers', 'following') without asking, or on request.
-- Who may answer it: null is everybody, else circles, to which 'mentioned' belongs as well.
-- `local_only` posts leave this instance by no door.
ALTER TABLE statuses
    ADD COLUMN quote_automatic text[] NOT NULL DEFAULT '{}',
    ADD COLUMN quote_manual    text[] NOT NULL DEFAULT '{}',
    ADD COLUMN reply_circles   text[],
    ADD COLUMN local_only      boolean NOT NULL DEFAULT false;

ALTER TABLE status_stats ADD COLUMN quotes_count integer NOT NULL DEFAULT 0;

-- What a status quotes. `quoted_id` is null while the quoted post is not known here, or gone.
CREATE TABLE quotes (
    status_id         bigint PRIMARY KEY REFERENCES statuses ON DELETE CASCADE,
    account_id        bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    quoted_id         bigint REFERENCES statuses ON DELETE SET NULL,
    quoted_account_id bigint REFERENCES accounts ON DELETE SET NULL,
    quoted_uri        text NOT NULL,
    state             text NOT NULL
        CONSTRAINT quotes_state CHECK (state IN ('pending', 'accepted', 'rejected', 'revoked', 'deleted')),
    approval_uri      text,
    created_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX quotes_by_quoted ON quotes (quoted_id, status_id DESC) WHERE quoted_id IS NOT NULL;
CREATE INDEX quotes_by_quoted_uri ON quotes (quoted_uri);
CREATE INDEX quotes_by_account ON quotes (account_id);
CREATE INDEX quotes_by_quoted_account ON quotes (quoted_account_id);

-- Whether somebody belongs to one of an author's circles.
CREATE FUNCTION in_circles(circles text[], author bigint, viewer bigint) RETURNS boolean
LANGUAGE sql STABLE RETURN
    'public' = ANY(circles)
    OR ('followers' = ANY(circles) AND EXISTS (
        SELECT FROM follows f WHERE f.account_id = viewer AND f.target_id = author))
    OR ('following' = ANY(circles) AND EXISTS (
        SELECT FROM follows f WHERE f.account_id = author AND f.target_id = viewer));
