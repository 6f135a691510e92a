-- Lists of blocked domains that others keep, read daily. What one says and we do not is a draft
-- that moderators accept or decline; nothing is blocked by a list alone.
CREATE TABLE block_lists (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url        text NOT NULL CONSTRAINT block_lists_url_unique UNIQUE,
    checked_at timestamptz,
    error      text  -- why it could not be read the last time
);

-- `action` is 'block' (or make stricter) or 'unblock', of a domain that the list has no more and
-- whose block was accepted from it. A declined draft stays, so that it is not asked again.
CREATE TABLE block_list_drafts (
    id             bigint PRIMARY KEY DEFAULT new_id(),
    list_id        integer NOT NULL REFERENCES block_lists ON DELETE CASCADE,
    domain         text NOT NULL,
    action         text NOT NULL CONSTRAINT block_list_drafts_action CHECK (action IN ('block', 'unblock')),
    severity       text NOT NULL,
    reject_media   boolean NOT NULL,
    reject_reports boolean NOT NULL,
    public_comment text,
    obfuscate      boolean NOT NULL,
    state          text NOT NULL DEFAULT 'open'
        CONSTRAINT block_list_drafts_state CHECK (state IN ('open', 'accepted', 'declined')),
    CONSTRAINT block_list_drafts_unique UNIQUE (list_id, domain)
);
CREATE INDEX block_list_drafts_open ON block_list_drafts (id) WHERE state = 'open';
