-- Accounts that a member shows to others under a name.
CREATE TABLE collections (
    id           bigint PRIMARY KEY DEFAULT new_id(),
    account_id   bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    name         text NOT NULL,
    description  text NOT NULL DEFAULT '',
    language     text,
    sensitive    boolean NOT NULL DEFAULT false,
    discoverable boolean NOT NULL DEFAULT true,
    tag          text,  -- as written, without the sign
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX collections_by_account ON collections (account_id, id DESC);

CREATE TABLE collection_items (
    id            bigint PRIMARY KEY DEFAULT new_id(),
    collection_id bigint NOT NULL REFERENCES collections ON DELETE CASCADE,
    account_id    bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT collection_items_unique UNIQUE (collection_id, account_id)
);
CREATE INDEX collection_items_by_account ON collection_items (account_id, collection_id DESC);

-- A member is told of a collection, too.
ALTER TABLE notifications
    ADD COLUMN collection_id bigint REFERENCES collections ON DELETE CASCADE,
    DROP CONSTRAINT notifications_unique,
    ADD CONSTRAINT notifications_unique
        UNIQUE NULLS NOT DISTINCT (account_id, type, from_account_id, status_id, collection_id);
CREATE INDEX notifications_by_collection ON notifications (collection_id) WHERE collection_id IS NOT NULL;

-- Which tabs a profile shows.
ALTER TABLE accounts
    ADD COLUMN show_media         boolean NOT NULL DEFAULT true,
    ADD COLUMN show_media_replies boolean NOT NULL DEFAULT true,
    ADD COLUMN show_featured      boolean NOT NULL DEFAULT true;
