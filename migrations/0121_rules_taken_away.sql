-- Reports go on citing a rule that was taken away.
ALTER TABLE rules ADD COLUMN deleted_at timestamptz;
