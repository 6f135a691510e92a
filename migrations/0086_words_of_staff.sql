-- Who looks after the house reaches members whatever these filter, as in Mastodon: members whose role
-- is shown (highlighted), stands above the recipient's and allows something of moderation: the bits
-- of view_audit_log, view_dashboard, manage_reports, manage_federation, manage_blocks,
-- manage_taxonomies, manage_appeals, manage_users, manage_invites, manage_user_access,
-- delete_user_data and view_feeds, or administrator.
CREATE FUNCTION speaks_for_the_house(sender bigint, recipient bigint)
RETURNS boolean LANGUAGE sql STABLE RETURN EXISTS (
    SELECT FROM users s JOIN roles mine ON mine.id = s.role_id
    JOIN users u ON u.account_id = recipient JOIN roles theirs ON theirs.id = u.role_id
    WHERE s.account_id = sender AND mine.highlighted AND mine.position > theirs.position
      AND mine.permissions & 1839037 <> 0);
