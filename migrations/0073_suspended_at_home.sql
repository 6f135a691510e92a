-- Its own moderators have suspended an account of elsewhere, and may bring it back. Whom ours suspend
-- is theirs to bring back.
ALTER TABLE accounts ADD COLUMN suspended_by_home boolean NOT NULL DEFAULT false;
