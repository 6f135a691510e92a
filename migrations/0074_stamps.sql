-- A stamp that is taken back takes along what it was for.
CREATE INDEX interaction_requests_by_stamp ON interaction_requests (stamp_uri)
    WHERE stamp_uri IS NOT NULL;
