-- For questions whose answer is a few rows among very many: who is limited, who is a member here,
-- who posted last, and which posts are ours.
CREATE INDEX accounts_silenced ON accounts (id) WHERE silenced_at IS NOT NULL;
CREATE INDEX accounts_local ON accounts (id) WHERE domain IS NULL;
CREATE INDEX account_stats_by_last_status ON account_stats (last_status_at DESC, account_id DESC)
    WHERE last_status_at IS NOT NULL;
CREATE INDEX statuses_local ON statuses (id) WHERE local;
CREATE INDEX statuses_direct ON statuses (account_id, id DESC) WHERE visibility = 'direct';
