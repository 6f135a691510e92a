-- Every id that leaves the instance is a 64-bit number, sorted by time: 48 bits of milliseconds
-- since 1970 and 16 bits of one sequence, so that processes never collide and need no agreement.
CREATE SEQUENCE id_sequence CYCLE MAXVALUE 65535 MINVALUE 0 CACHE 32;

-- `at` is the time that the id shall sort by: that of publication for what comes from elsewhere.
CREATE FUNCTION new_id(at timestamptz DEFAULT clock_timestamp()) RETURNS bigint
LANGUAGE sql VOLATILE PARALLEL UNSAFE AS $$
    SELECT (floor(extract(epoch FROM at) * 1000)::bigint << 16) | nextval('id_sequence')
$$;

-- The smallest id of a moment, to compare ids with times.
CREATE FUNCTION id_at(at timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT floor(extract(epoch FROM at) * 1000)::bigint << 16
$$;
