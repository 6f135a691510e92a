-- Whose picture a copy is of is found by its address (avatars and headers of accounts elsewhere), and
-- whose file a copy is by its name: nobody is shown either while its owner is suspended.
ALTER TABLE media_copies ADD COLUMN url text;  -- null: of an attachment, or not looked at since
CREATE INDEX media_copies_by_file ON media_copies (file);
CREATE INDEX media_copies_by_still_file ON media_copies (still_file) WHERE still_file IS NOT NULL;
CREATE INDEX accounts_by_avatar ON accounts USING hash (avatar_remote_url)
    WHERE avatar_remote_url IS NOT NULL;
CREATE INDEX accounts_by_header ON accounts USING hash (header_remote_url)
    WHERE header_remote_url IS NOT NULL;

-- Copies are asked after when they are shown: they need no entry that closes them.
DELETE FROM closed_files WHERE file LIKE 'cache/%';
