-- Tags and posts that many take up now, counted anew every few minutes.
CREATE TABLE tag_trends (
    tag_id bigint PRIMARY KEY REFERENCES tags ON DELETE CASCADE,
    score  double precision NOT NULL
);
CREATE INDEX tag_trends_by_score ON tag_trends (score DESC, tag_id);
CREATE TABLE status_trends (
    status_id bigint PRIMARY KEY REFERENCES statuses ON DELETE CASCADE,
    score     double precision NOT NULL
);
CREATE INDEX status_trends_by_score ON status_trends (score DESC, status_id);

-- Tags that a member shows on the own profile.
CREATE TABLE featured_tags (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    tag_id     bigint NOT NULL REFERENCES tags ON DELETE CASCADE,
    name       text NOT NULL,  -- as the member writes it
    CONSTRAINT featured_tags_unique UNIQUE (account_id, tag_id)
);
CREATE INDEX featured_tags_by_tag ON featured_tags (tag_id);

-- People whom a member shows on the own profile.
CREATE TABLE endorsements (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    target_id  bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    CONSTRAINT endorsements_unique UNIQUE (account_id, target_id)
);
CREATE INDEX endorsements_by_target ON endorsements (target_id);

-- Suggestions that a member does not want to see again.
CREATE TABLE dismissed_suggestions (
    account_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    target_id  bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    PRIMARY KEY (account_id, target_id)
);
CREATE INDEX dismissed_suggestions_by_target ON dismissed_suggestions (target_id);
