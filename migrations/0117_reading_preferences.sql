-- What a member wants to see at once, in apps that ask for it (GET /api/v1/preferences) and on pages.
ALTER TABLE users
    ADD COLUMN expand_media text NOT NULL DEFAULT 'default'
        CHECK (expand_media IN ('default', 'show_all', 'hide_all')),
    ADD COLUMN expand_spoilers boolean NOT NULL DEFAULT false,
    ADD COLUMN autoplay_gifs boolean NOT NULL DEFAULT false;
