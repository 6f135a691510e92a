-- An account that goes is looked for among those who were answered: without an index in every post.
CREATE INDEX statuses_by_answered ON statuses (in_reply_to_account_id)
    WHERE in_reply_to_account_id IS NOT NULL;
