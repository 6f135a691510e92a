-- What is asked again each time before an activity goes out (server/store/delivery_checks.py). The
-- client asks of every request whether we talk with the host ('host'), but not of what takes
-- something back ('nothing'). Of an edit is asked, too, whether the author is in good standing, and
-- whether those who get it have the post or may have it ('readers'); of all else whether somebody is
-- still there for whom it was ('people').
ALTER TABLE outgoing
    ADD COLUMN asks text NOT NULL DEFAULT 'nothing'
        CONSTRAINT outgoing_asks CHECK (asks IN ('nothing', 'host', 'readers', 'people')),
    ADD COLUMN status_id bigint;  -- what it is about, which may be gone
CREATE INDEX outgoing_by_status ON outgoing (status_id) WHERE status_id IS NOT NULL;

-- For whose sake: those who are named, and one of the followers there. Nobody: a relay.
ALTER TABLE deliveries
    ADD COLUMN recipient_ids bigint[],
    ADD COLUMN follower_id bigint,
    ADD COLUMN is_to_reader boolean NOT NULL DEFAULT false;  -- the post went there before its edit

-- The post did not go there in the end, as far as we know: nor does an edit of it, but its Delete
-- does.
ALTER TABLE status_inboxes ADD COLUMN is_withheld boolean NOT NULL DEFAULT false;

-- Whether anybody behind an inbox follows.
CREATE INDEX accounts_by_inbox ON accounts (coalesce(shared_inbox_url, inbox_url))
    WHERE domain IS NOT NULL;
