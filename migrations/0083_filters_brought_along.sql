-- Filters are brought along as Mastodon 4.6 exports them.
ALTER TABLE imports DROP CONSTRAINT imports_kind;
ALTER TABLE imports ADD CONSTRAINT imports_kind CHECK (kind IN (
    'following', 'blocking', 'muting', 'domain_blocking', 'bookmarks', 'lists', 'custom_filters',
    'statuses'));
