-- Collections go from server to server (FEP-7aa9).
ALTER TABLE accounts
    ADD COLUMN collections_url   text,    -- where somebody elsewhere lists theirs
    -- Circles (see 0011) who may put somebody elsewhere into a collection, and who may ask; null when
    -- they do not say.
    ADD COLUMN feature_automatic text[],
    ADD COLUMN feature_manual    text[];

ALTER TABLE collections
    ADD COLUMN uri text CONSTRAINT collections_uri_unique UNIQUE,  -- null: ours
    ADD COLUMN url text;

ALTER TABLE collection_items
    ADD COLUMN uri       text,  -- in a collection of somebody elsewhere
    -- pending: their server was asked. revoked: one of ours left a collection of somebody elsewhere,
    -- and is not put in again.
    ADD COLUMN state     text NOT NULL DEFAULT 'accepted'
        CONSTRAINT collection_items_state CHECK (state IN ('pending', 'accepted', 'revoked')),
    ADD COLUMN stamp_uri text,  -- where somebody elsewhere agrees
    ADD COLUMN position  integer NOT NULL DEFAULT 0;
CREATE INDEX collection_items_by_stamp ON collection_items (stamp_uri) WHERE stamp_uri IS NOT NULL;
