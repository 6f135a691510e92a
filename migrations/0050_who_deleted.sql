-- A tombstone holds for what its own actor says: nobody keeps another's post from coming by
-- deleting it beforehand.
ALTER TABLE tombstones DROP CONSTRAINT tombstones_pkey;
ALTER TABLE tombstones ADD CONSTRAINT tombstones_pkey PRIMARY KEY (uri, actor_uri);

-- What makes a thing and what deletes it can be worked on at the same moment: both lock its id
-- first. Functions in plpgsql look at the table after they have the lock.
CREATE FUNCTION bury(which text, by_actor text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(which, 0));
    INSERT INTO tombstones (uri, actor_uri) VALUES (which, by_actor)
    ON CONFLICT (uri, actor_uri) DO UPDATE SET deleted_at = now();
END $$;

CREATE FUNCTION is_buried(which text, by_actor text, since timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(which, 0));
    RETURN EXISTS (SELECT FROM tombstones
                   WHERE uri = which AND actor_uri = by_actor AND deleted_at > since);
END $$;

-- SHA-256 of the signature that an activity came with: the same request sent again by somebody
-- who overheard it has no effect.
ALTER TABLE received ADD COLUMN signature_hash bytea;
CREATE UNIQUE INDEX received_signature ON received (signature_hash)
    WHERE signature_hash IS NOT NULL;
