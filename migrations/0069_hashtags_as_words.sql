-- Hashtags are searched whole: posts that were read before this are read again by the worker.
INSERT INTO jobs (name, args, once_key)
SELECT 'index_statuses', '[0]', 'index_statuses' WHERE EXISTS (SELECT FROM statuses)
ON CONFLICT DO NOTHING;
