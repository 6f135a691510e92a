-- In whose inbox a Create was put that names neither everybody nor the followers of its author: what
-- is sent to several of our inboxes is looked at for each of them.
ALTER TABLE received ADD COLUMN inbox_of bigint;
DROP INDEX received_once;
CREATE UNIQUE INDEX received_once ON received (actor_uri, uri, coalesce(inbox_of, 0))
    WHERE uri IS NOT NULL AND type IN ('Create', 'Announce', 'Like', 'Flag');

-- Of a direct post: it is for people as well whom it does not name (their mentions are silent), and
-- no part of a conversation.
ALTER TABLE statuses ADD COLUMN limited boolean NOT NULL DEFAULT false;
