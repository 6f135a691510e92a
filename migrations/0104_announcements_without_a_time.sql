-- A moderator may take an announcement back before it ends; nothing publishes it again by itself.
ALTER TABLE announcements ALTER COLUMN publish_at DROP NOT NULL;
