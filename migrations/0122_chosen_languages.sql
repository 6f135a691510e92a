-- In which languages a member wants to meet posts in public timelines; none chosen means all.
ALTER TABLE users ADD COLUMN chosen_languages text[] NOT NULL DEFAULT '{}';
