-- Who is suspended is asked by every query that shows something, and few are.
CREATE INDEX accounts_suspended ON accounts (id) WHERE suspended_at IS NOT NULL;
