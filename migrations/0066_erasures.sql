-- Since when an account is gone for good: its row stays, empty, so that nobody takes its name and
-- its last words can still be signed.
ALTER TABLE accounts ADD COLUMN erased_at timestamptz;
