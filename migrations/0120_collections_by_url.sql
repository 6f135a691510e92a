-- Collections of others are looked for by the pages that posts link to.
CREATE INDEX collections_by_url ON collections (url) WHERE url IS NOT NULL;
