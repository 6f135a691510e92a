-- Members are told by mail of the terms of a day: those who were there when that was asked for, one
-- after the other up to `last_account_id`. `words` say by language what changes.
CREATE TABLE terms_notices (
    effective_date  date PRIMARY KEY,
    words           jsonb NOT NULL,
    asked_at        timestamptz NOT NULL DEFAULT now(),
    last_account_id bigint NOT NULL DEFAULT 0,
    told            integer NOT NULL DEFAULT 0
);
