-- What stands behind a link, as a card: one row a link, however many posts have it, so that a page
-- is asked once. `tried_at` is null until the worker has asked; a page that gave nothing to show
-- keeps its row, so that it is not asked again by the next post.
CREATE TABLE cards (
    id            bigint PRIMARY KEY DEFAULT new_id(),
    url           text NOT NULL CONSTRAINT cards_url_unique UNIQUE,  -- without fragment and trackers
    page_url      text NOT NULL DEFAULT '',  -- where its redirects ended
    site          text NOT NULL DEFAULT '',  -- host of page_url
    type          text NOT NULL DEFAULT 'link' CONSTRAINT cards_type CHECK (type IN ('link', 'photo', 'video')),
    title         text NOT NULL DEFAULT '',
    description   text NOT NULL DEFAULT '',
    author_name   text NOT NULL DEFAULT '',
    author_url    text NOT NULL DEFAULT '',
    provider_name text NOT NULL DEFAULT '',
    provider_url  text NOT NULL DEFAULT '',
    embed_url     text NOT NULL DEFAULT '',  -- the picture of a photo
    frame_url     text NOT NULL DEFAULT '',  -- the player of a video, for an iframe
    width         integer NOT NULL DEFAULT 0,
    height        integer NOT NULL DEFAULT 0,
    image_file    text,
    image_description text NOT NULL DEFAULT '',
    blurhash      text,
    published_at  timestamptz,
    language      text,
    creator_id    bigint REFERENCES accounts ON DELETE SET NULL,  -- whom the page names (fediverse:creator)
    is_usable     boolean NOT NULL DEFAULT false,
    tried_at      timestamptz,
    attached_at   timestamptz NOT NULL DEFAULT now()  -- when a post last got it
);
CREATE INDEX cards_by_page ON cards (page_url) WHERE is_usable;
CREATE INDEX cards_by_creator ON cards (creator_id) WHERE creator_id IS NOT NULL;

-- `told` says that the post's readers know of the card: one that came later is told of as an edit.
CREATE TABLE status_cards (
    status_id bigint PRIMARY KEY REFERENCES statuses ON DELETE CASCADE,
    card_id   bigint NOT NULL REFERENCES cards ON DELETE CASCADE,
    url       text NOT NULL,  -- the link as it was written
    told      boolean NOT NULL DEFAULT false
);
CREATE INDEX status_cards_by_card ON status_cards (card_id, status_id DESC);

-- Pages that many post about now, counted anew every few minutes; `card_id` is one of the page's.
CREATE TABLE link_trends (
    card_id bigint PRIMARY KEY REFERENCES cards ON DELETE CASCADE,
    score   double precision NOT NULL,
    history jsonb NOT NULL  -- [{day (UNIX time), accounts, uses}] of seven days, today first
);
CREATE INDEX link_trends_by_score ON link_trends (score DESC, card_id);

-- Hosts whose pages may name the account as their author.
ALTER TABLE accounts ADD COLUMN attribution_domains text[] NOT NULL DEFAULT '{}';

-- Accounts whose profile fields hold links, and when the pages behind them were last asked.
CREATE TABLE link_checks (
    account_id bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    checked_at timestamptz
);
CREATE INDEX link_checks_by_age ON link_checks (checked_at);
