-- Relays pass public posts on between servers that subscribe to them. `style` is how one talks with
-- it: 'mastodon' follows the public collection and is sent our posts, 'litepub' follows the relay's
-- actor and is told of them. `actor_uri` is who answered for it.
CREATE TABLE relays (
    id         bigint PRIMARY KEY DEFAULT new_id(),
    address    text NOT NULL CONSTRAINT relays_address_unique UNIQUE,  -- as it was given
    style      text NOT NULL CONSTRAINT relays_style CHECK (style IN ('mastodon', 'litepub')),
    inbox_url  text NOT NULL,
    actor_uri  text,
    follow_uri text NOT NULL CONSTRAINT relays_follow_unique UNIQUE,
    state      text NOT NULL DEFAULT 'pending'
        CONSTRAINT relays_state CHECK (state IN ('pending', 'accepted', 'rejected')),
    created_at timestamptz NOT NULL DEFAULT now()
);
