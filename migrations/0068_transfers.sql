-- What members bring along: a table of follows, blocks…, or an archive of old posts, whose pictures
-- wait in the media storage. A row is deleted when it is done and stays when it failed.
CREATE TABLE imports (
    id          bigint PRIMARY KEY DEFAULT new_id(),
    account_id  bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    kind        text NOT NULL CONSTRAINT imports_kind CHECK (kind IN (
        'following', 'blocking', 'muting', 'domain_blocking', 'bookmarks', 'lists', 'statuses')),
    file_name   text NOT NULL DEFAULT '',
    overwrite   boolean NOT NULL DEFAULT false,
    state       text NOT NULL DEFAULT 'unconfirmed' CONSTRAINT imports_state
        CHECK (state IN ('unconfirmed', 'scheduled', 'in_progress', 'finished')),
    total       integer NOT NULL DEFAULT 0,
    done        integer NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE INDEX imports_by_account ON imports (account_id, id DESC);
CREATE INDEX imports_by_age ON imports (created_at);
CREATE TABLE import_rows (
    import_id bigint NOT NULL REFERENCES imports ON DELETE CASCADE,
    position  integer NOT NULL,
    data      jsonb NOT NULL,
    failed    boolean NOT NULL DEFAULT false,
    PRIMARY KEY (import_id, position)
);

-- What members take along: made by a job, kept for a week.
CREATE TABLE archives (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    account_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    file       text NOT NULL,
    size_bytes bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    ready_at   timestamptz
);
CREATE INDEX archives_by_account ON archives (account_id, id DESC);
CREATE INDEX archives_by_age ON archives (created_at);

-- Id of a post of one's own where it was first, if it came from an archive.
ALTER TABLE statuses ADD COLUMN imported_from text;
CREATE UNIQUE INDEX statuses_imported_once ON statuses (account_id, imported_from)
    WHERE imported_from IS NOT NULL;

-- A year of a member, looked back on. `data` is as clients get it (schema 2 of Mastodon).
CREATE TABLE annual_reports (
    account_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    year       integer NOT NULL,
    data       jsonb NOT NULL,
    viewed_at  timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, year)
);
