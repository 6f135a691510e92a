-- Whoever deletes an account or an application must not have all posts read for what refers to it.
CREATE INDEX statuses_by_parent_author ON statuses (in_reply_to_account_id)
    WHERE in_reply_to_account_id IS NOT NULL;
CREATE INDEX statuses_by_app ON statuses (app_id) WHERE app_id IS NOT NULL;
CREATE INDEX outgoing_by_account ON outgoing (account_id);
CREATE INDEX reports_by_actor ON reports (action_taken_by_id) WHERE action_taken_by_id IS NOT NULL;
CREATE INDEX grants_by_account ON grants (account_id);
CREATE INDEX grants_by_app ON grants (app_id);
CREATE INDEX users_by_app ON users (created_by_app_id) WHERE created_by_app_id IS NOT NULL;
CREATE INDEX scheduled_statuses_by_app ON scheduled_statuses (app_id) WHERE app_id IS NOT NULL;
