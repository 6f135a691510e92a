-- Whom moderators keep out, or look at first, before there is an account.
CREATE TABLE ip_blocks (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    ip         cidr NOT NULL CONSTRAINT ip_blocks_unique UNIQUE,
    severity   text NOT NULL CONSTRAINT ip_blocks_severity
        CHECK (severity IN ('sign_up_requires_approval', 'sign_up_block', 'no_access')),
    comment    text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz
);

-- A block of example.org holds for all below it.
CREATE TABLE email_domain_blocks (
    id                  bigint PRIMARY KEY DEFAULT new_id(),
    domain              text NOT NULL CONSTRAINT email_domain_blocks_unique UNIQUE,
    allow_with_approval boolean NOT NULL DEFAULT false,
    created_at          timestamptz NOT NULL DEFAULT now()
);
-- Who ran into one, for a week.
CREATE TABLE email_domain_block_attempts (
    block_id bigint NOT NULL REFERENCES email_domain_blocks ON DELETE CASCADE,
    day      date NOT NULL,
    ip       inet NOT NULL,
    uses     integer NOT NULL DEFAULT 1,
    PRIMARY KEY (block_id, day, ip)
);

-- One address whatever is written into it (dots, `+tag`), as the SHA-256 of its bare form.
CREATE TABLE canonical_email_blocks (
    id                   bigint PRIMARY KEY DEFAULT new_id(),
    hash                 text NOT NULL CONSTRAINT canonical_email_blocks_unique UNIQUE,
    reference_account_id bigint REFERENCES accounts ON DELETE SET NULL,  -- whose suspension made it
    created_at           timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX canonical_email_blocks_by_account ON canonical_email_blocks (reference_account_id)
    WHERE reference_account_id IS NOT NULL;
