-- On whose clock a member reads times, on pages and in mails; '' is that of the instance.
ALTER TABLE users ADD COLUMN time_zone text NOT NULL DEFAULT '';
