-- Videos and sounds take a while: `raw_file` is what was uploaded, until the worker is done with it.
ALTER TABLE media_attachments
    ADD COLUMN state text NOT NULL DEFAULT 'ready'
        CONSTRAINT media_attachments_state CHECK (state IN ('processing', 'ready', 'failed')),
    ADD COLUMN raw_file text,
    ADD COLUMN cached_at timestamptz,  -- remote: when our copy was fetched, null without one
    -- Names a remote file at our own address; nobody guesses one.
    ADD COLUMN proxy_key text NOT NULL DEFAULT gen_random_uuid()::text;
CREATE UNIQUE INDEX media_attachments_by_key ON media_attachments (proxy_key);
CREATE INDEX media_attachments_by_cache ON media_attachments (cached_at) WHERE cached_at IS NOT NULL;
