-- Files that are shown to nobody while their owner is suspended. Few are, and they are looked up by
-- name each time that a file is asked for.
CREATE TABLE closed_files (
    file        text CONSTRAINT closed_files_pkey PRIMARY KEY,
    account_id  bigint NOT NULL REFERENCES accounts ON DELETE CASCADE
);
CREATE INDEX closed_files_by_account ON closed_files (account_id);

INSERT INTO closed_files (file, account_id)
SELECT f.file, a.id FROM accounts a JOIN media_attachments m ON m.account_id = a.id
CROSS JOIN unnest(ARRAY[m.file, m.small_file]) AS f (file)
WHERE a.suspended_at IS NOT NULL AND a.erased_at IS NULL AND f.file IS NOT NULL
UNION
SELECT f.file, a.id FROM accounts a CROSS JOIN unnest(ARRAY[a.avatar_file, a.header_file]) AS f (file)
WHERE a.suspended_at IS NOT NULL AND a.erased_at IS NULL AND f.file IS NOT NULL;

-- Mastodon's roles of moderators and admins open feeds that the settings close (view_feeds).
UPDATE roles SET permissions = permissions | 1048576 WHERE id IN (1, 2);
