-- Copies of files of others who were suspended before files were closed (0085 closed those of members
-- alone).
INSERT INTO closed_files (file, account_id)
SELECT f.file, a.id FROM accounts a JOIN media_attachments m ON m.account_id = a.id
JOIN media_copies c ON c.key = m.proxy_key
CROSS JOIN unnest(ARRAY[c.file, c.still_file]) AS f (file)
WHERE a.suspended_at IS NOT NULL AND a.erased_at IS NULL AND f.file IS NOT NULL
ON CONFLICT (file) DO NOTHING;
