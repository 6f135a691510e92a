-- How often a delivery was turned away (403, 404), among its attempts.
ALTER TABLE deliveries ADD COLUMN refusals smallint NOT NULL DEFAULT 0;
