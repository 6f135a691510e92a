-- Copies of others' files: attachments of their posts, pictures and emoji of their accounts.
CREATE TABLE media_copies (
    key         text CONSTRAINT media_copies_pkey PRIMARY KEY,  -- its last name at our address
    file        text,    -- null: could not be had when we tried
    still_file  text,    -- the first frame alone of what moves
    bytes       bigint NOT NULL DEFAULT 0,  -- of both
    fetched_at  timestamptz NOT NULL DEFAULT now(),  -- or tried
    used_at     timestamptz NOT NULL DEFAULT now()   -- to the day
);
CREATE INDEX media_copies_by_use ON media_copies (used_at);

-- Those of before, whose size nobody wrote down: 1 MiB each. `cached_at` is read no more.
INSERT INTO media_copies (key, file, bytes, fetched_at, used_at)
SELECT proxy_key, file, 1048576, cached_at, cached_at FROM media_attachments
WHERE remote_url IS NOT NULL AND file IS NOT NULL AND cached_at IS NOT NULL;
UPDATE media_attachments SET file = NULL, cached_at = NULL
WHERE remote_url IS NOT NULL AND file IS NOT NULL AND cached_at IS NOT NULL;
