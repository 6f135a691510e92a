-- What moderators decided about other servers. A rule for example.org holds for all below it.
CREATE TABLE domain_rules (
    id              bigint PRIMARY KEY DEFAULT new_id(),
    domain          text NOT NULL CONSTRAINT domain_rules_unique UNIQUE,
    severity        text NOT NULL
        CONSTRAINT domain_rules_severity CHECK (severity IN ('silence', 'suspend', 'noop')),
    reject_media    boolean NOT NULL DEFAULT false,
    reject_reports  boolean NOT NULL DEFAULT false,
    private_comment text,
    public_comment  text,
    obfuscate       boolean NOT NULL DEFAULT false,
    -- Accounts that the rule silenced or suspended bear this very time: they come back with it.
    created_at      timestamptz NOT NULL DEFAULT now()
);

-- With `federation_mode = allow-list` these alone are talked with.
CREATE TABLE allowed_domains (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    domain     text NOT NULL CONSTRAINT allowed_domains_unique UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);
