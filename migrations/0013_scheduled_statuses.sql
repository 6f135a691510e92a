-- Posts for later; a draft is one without a time. `params` are the parameters of the post.
CREATE TABLE scheduled_statuses (
    id           bigint PRIMARY KEY DEFAULT new_id(),
    account_id   bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    app_id       bigint REFERENCES apps ON DELETE SET NULL,
    scheduled_at timestamptz,
    params       jsonb NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX scheduled_statuses_by_account ON scheduled_statuses (account_id, id DESC);

-- An upload that waits for such a post is not abandoned, and cannot be attached elsewhere.
ALTER TABLE media_attachments
    ADD COLUMN scheduled_id bigint REFERENCES scheduled_statuses ON DELETE SET NULL;
CREATE INDEX media_attachments_by_scheduled ON media_attachments (scheduled_id) WHERE scheduled_id IS NOT NULL;
