-- The Idempotency-Key of a post for later: the same one within an hour keeps no second post.
ALTER TABLE scheduled_statuses ADD COLUMN idempotency_key text;
