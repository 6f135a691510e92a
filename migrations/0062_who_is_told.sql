-- Who asked to be told of somebody's posts: few of the followers, asked with each post.
CREATE INDEX follows_notify ON follows (target_id) WHERE notify;
