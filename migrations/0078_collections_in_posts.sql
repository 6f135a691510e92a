-- Collections to which a post of ours links, in the order of the links (Mastodon 4.6).
CREATE TABLE status_collections (
    status_id     bigint NOT NULL REFERENCES statuses ON DELETE CASCADE,
    collection_id bigint NOT NULL REFERENCES collections ON DELETE CASCADE,
    position      smallint NOT NULL,
    PRIMARY KEY (status_id, collection_id)
);
CREATE INDEX status_collections_by_collection ON status_collections (collection_id);
