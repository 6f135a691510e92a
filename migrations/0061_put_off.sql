-- What waits for a host that is left alone is put off with it, instead of being looked at by every
-- claim meanwhile (server/store/deliveries.py).
DROP INDEX deliveries_by_host;
CREATE INDEX deliveries_by_host ON deliveries (host, next_at);
