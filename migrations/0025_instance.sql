-- What the instance says of itself. Rules have short ids, since people type them.
CREATE TABLE rules (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    position     integer NOT NULL,
    text         text NOT NULL CONSTRAINT rules_text_length CHECK (length(text) BETWEEN 1 AND 1000),
    hint         text NOT NULL DEFAULT '',
    translations jsonb NOT NULL DEFAULT '{}'  -- {language: {text, hint}}
);

-- In Markdown, one a language; without any, the text that ships with the program is shown.
CREATE TABLE instance_texts (
    kind       text NOT NULL
        CONSTRAINT instance_texts_kind CHECK (kind IN ('extended_description', 'privacy_policy')),
    language   text NOT NULL,
    markdown   text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, language)
);

-- Terms hold from a day on, until later ones do.
CREATE TABLE terms (
    effective_date date NOT NULL,
    language       text NOT NULL,
    markdown       text NOT NULL,
    PRIMARY KEY (effective_date, language)
);

-- `shown` is true between publication and end; both are made by jobs that announce them.
CREATE TABLE announcements (
    id            bigint PRIMARY KEY DEFAULT new_id(),
    text          text NOT NULL,  -- as it was typed
    content       text NOT NULL,  -- HTML
    starts_at     timestamptz,
    ends_at       timestamptz,
    all_day       boolean NOT NULL DEFAULT false,
    publish_at    timestamptz NOT NULL DEFAULT now(),
    shown         boolean NOT NULL DEFAULT false,
    updated_at    timestamptz NOT NULL DEFAULT now(),
    mentioned_ids bigint[] NOT NULL DEFAULT '{}',
    status_ids    bigint[] NOT NULL DEFAULT '{}',
    tags          text[] NOT NULL DEFAULT '{}'
);
CREATE TABLE announcement_dismissals (
    announcement_id bigint NOT NULL REFERENCES announcements ON DELETE CASCADE,
    account_id      bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    PRIMARY KEY (announcement_id, account_id)
);
CREATE INDEX announcement_dismissals_by_account ON announcement_dismissals (account_id);
CREATE TABLE announcement_reactions (
    id              bigint PRIMARY KEY DEFAULT new_id(),
    announcement_id bigint NOT NULL REFERENCES announcements ON DELETE CASCADE,
    account_id      bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    name            text NOT NULL,  -- an emoji, or the shortcode of one of ours
    CONSTRAINT announcement_reactions_unique UNIQUE (announcement_id, account_id, name)
);
CREATE INDEX announcement_reactions_by_account ON announcement_reactions (account_id);

-- Our own; those of others stand in what they wrote.
CREATE TABLE custom_emojis (
    shortcode         text PRIMARY KEY,
    file              text NOT NULL,
    static_file       text NOT NULL,
    category          text,
    visible_in_picker boolean NOT NULL DEFAULT true
);

-- Domains of which a member wants to see nothing.
CREATE TABLE domain_blocks (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    account_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    domain     text NOT NULL,
    CONSTRAINT domain_blocks_unique UNIQUE (account_id, domain)
);

-- Counted by the worker; logins cannot be counted afterwards.
CREATE TABLE activity_weeks (
    week          date PRIMARY KEY,  -- a Monday
    statuses      integer NOT NULL,
    logins        integer NOT NULL,
    registrations integer NOT NULL
);

-- Good for the version of `edited_at`; kept for a month at most.
CREATE TABLE translations (
    status_id  bigint NOT NULL REFERENCES statuses ON DELETE CASCADE,
    language   text NOT NULL,
    edited_at  timestamptz,
    body       jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (status_id, language)
);
CREATE INDEX translations_by_age ON translations (created_at);
