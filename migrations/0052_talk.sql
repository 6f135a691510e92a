-- A collection in which the author's server keeps the whole thread of a remote post.
-- `interaction_policy`: who may answer ("reply"), favourite ("like") and boost ("announce") a post,
-- {"reply": {"automatic": [circles], "manual": [circles]}, …}; what is missing is free to everybody.
-- A circle is 'public', 'followers', 'following' or the id of an actor.
ALTER TABLE statuses
    ADD COLUMN context_uri text,
    ADD COLUMN interaction_policy jsonb NOT NULL DEFAULT '{}';
UPDATE statuses
SET interaction_policy = jsonb_build_object('reply', jsonb_build_object('automatic', reply_circles, 'manual', '[]'::jsonb))
WHERE reply_circles IS NOT NULL;
ALTER TABLE statuses DROP COLUMN reply_circles;

-- Whether somebody may do something with a post: 'automatic', 'manual' (the author is asked) or
-- 'denied'. The author may do everything, whom the post names may answer.
CREATE FUNCTION may_interact(policy jsonb, kind text, status bigint, author bigint, viewer bigint) RETURNS text
LANGUAGE sql STABLE RETURN CASE
    WHEN NOT policy ? kind OR author = viewer THEN 'automatic'
    WHEN kind = 'reply' AND EXISTS (
        SELECT FROM status_mentions m WHERE m.status_id = status AND m.account_id = viewer) THEN 'automatic'
    WHEN in_circles(ARRAY(SELECT jsonb_array_elements_text(policy -> kind -> 'automatic')), author, viewer)
        OR EXISTS (SELECT FROM accounts a WHERE a.id = viewer AND policy -> kind -> 'automatic' ? a.uri)
        THEN 'automatic'
    WHEN in_circles(ARRAY(SELECT jsonb_array_elements_text(policy -> kind -> 'manual')), author, viewer)
        OR EXISTS (SELECT FROM accounts a WHERE a.id = viewer AND policy -> kind -> 'manual' ? a.uri)
        THEN 'manual'
    ELSE 'denied' END;

-- Stamps of others are looked up by their address when they are taken back.
CREATE INDEX quotes_by_approval ON quotes (approval_uri) WHERE approval_uri IS NOT NULL;
