-- What members may do beyond their own account. `permissions` are Mastodon's bits
-- (server/identity/permissions.py); whoever has the higher position stands above.
CREATE TABLE roles (
    id          bigint PRIMARY KEY DEFAULT new_id(),
    name        text NOT NULL,
    color       text NOT NULL DEFAULT '',
    permissions bigint NOT NULL DEFAULT 0,
    position    integer NOT NULL,
    highlighted boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX roles_name_unique ON roles (lower(name));

-- The ids are Mastodon's: clients know -99 as the role of everyone.
INSERT INTO roles (id, name, permissions, position, highlighted) VALUES
    (-99, '', 65536, -1, false),
    (1, 'Moderator', 1308, 10, true),
    (2, 'Admin', 1048572, 100, true),
    (3, 'Owner', 1, 1000, true);

ALTER TABLE users ADD COLUMN role_id bigint NOT NULL DEFAULT -99
    REFERENCES roles ON DELETE SET DEFAULT;
UPDATE users SET role_id = CASE role WHEN 'owner' THEN 3 WHEN 'moderator' THEN 1 ELSE -99 END;
ALTER TABLE users DROP COLUMN role;
CREATE INDEX users_by_role ON users (role_id) WHERE role_id <> -99;

-- Who did what as a moderator. `target_name` is what the target was called then, since it may be
-- gone when somebody reads this.
CREATE TABLE audit_log (
    id          bigint PRIMARY KEY DEFAULT new_id(),
    account_id  bigint REFERENCES accounts ON DELETE SET NULL,
    action      text NOT NULL,
    target_kind text NOT NULL,
    target_id   bigint,
    target_name text NOT NULL DEFAULT '',
    details     jsonb NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_log_by_account ON audit_log (account_id, id DESC);
CREATE INDEX audit_log_by_target ON audit_log (target_kind, target_id, id DESC);
