-- A moderator may take an emoji out of use without taking it out of what was written before.
ALTER TABLE custom_emojis ADD COLUMN disabled boolean NOT NULL DEFAULT false;

-- The latest posts of others with emoji, out of which moderators copy some.
CREATE INDEX statuses_with_foreign_emojis ON statuses (id DESC)
    WHERE NOT local AND emojis <> '[]' AND visibility IN ('public', 'unlisted');
