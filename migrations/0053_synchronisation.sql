-- What followers of one origin the author of a followers-only post has, as FEP-8fcf digests them:
-- sent along so that the other server sees whether it agrees.
ALTER TABLE deliveries ADD COLUMN followers_digest text;
