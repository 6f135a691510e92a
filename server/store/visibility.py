"""The one answer to who may see a status; every exit asks it, as a condition inside its query.

Public and unlisted: everybody whom the author does not block. Private: followers (a pending
follow stands in another table and so never counts) and whoever is addressed. Direct: whoever is
addressed. Nobody sees what a suspended account posted. A boost shows what its original would.
What is `local_only` is for our own members, within the same bounds.
"""


def visible(status: str, viewer: str) -> str:
    """SQL condition: the row `status` (alias of statuses, not a boost) is for `viewer`.

    `viewer` is a parameter like `$2` holding an account's id, or null for a stranger.
    """
    return f"""(
        NOT EXISTS (SELECT FROM accounts author
                    WHERE author.id = {status}.account_id AND author.suspended_at IS NOT NULL)
        AND (NOT {status}.local_only OR EXISTS (
            SELECT FROM users WHERE users.account_id = {viewer}))
        AND ({status}.account_id = {viewer} OR (
            NOT EXISTS (SELECT FROM blocks
                        WHERE blocks.account_id = {status}.account_id AND target_id = {viewer})
            AND ({status}.visibility IN ('public', 'unlisted')
                OR EXISTS (SELECT FROM status_mentions addressed
                           WHERE addressed.status_id = {status}.id
                             AND addressed.account_id = {viewer})
                OR ({status}.visibility = 'private'
                    AND EXISTS (SELECT FROM follows
                                WHERE follows.account_id = {viewer}
                                  AND follows.target_id = {status}.account_id))))))"""


def visible_with_boost(status: str, viewer: str) -> str:
    """As `visible`, for rows that may be boosts: the original must be visible as well."""
    return f"""({visible(status, viewer)} AND ({status}.boost_of_id IS NULL OR EXISTS (
        SELECT FROM statuses original
        WHERE original.id = {status}.boost_of_id AND {visible("original", viewer)})))"""


def not_hidden(author: str, viewer: str) -> str:
    """SQL: `viewer` neither mutes nor blocks the account whose id is `author`, nor its domain."""
    # The arrays are read once for a query, and leave its order to the index of the list.
    return f"""(
        {author} <> ALL(ARRAY(
            SELECT blocks.target_id FROM blocks WHERE blocks.account_id = {viewer}
            UNION ALL
            SELECT mutes.target_id FROM mutes WHERE mutes.account_id = {viewer}
                AND (mutes.expires_at IS NULL OR mutes.expires_at > now())))
        AND (NOT EXISTS (SELECT FROM domain_blocks WHERE domain_blocks.account_id = {viewer})
            OR coalesce((SELECT accounts.domain FROM accounts WHERE accounts.id = {author}), '')
                <> ALL(ARRAY(SELECT domain_blocks.domain FROM domain_blocks
                             WHERE domain_blocks.account_id = {viewer}))))"""


def not_blocked(author: str, viewer: str) -> str:
    """SQL condition: the account whose id is `author` does not block `viewer`."""
    return f"""NOT EXISTS (
        SELECT FROM blocks WHERE blocks.account_id = {author} AND blocks.target_id = {viewer})"""


def wanted(account: str, viewer: str) -> str:
    """SQL condition: in a list of people `viewer` is shown the account whose id is `account`."""
    return f"({not_hidden(account, viewer)} AND {not_blocked(account, viewer)})"


def in_chosen_language(language: str, viewer: str) -> str:
    """SQL condition: `viewer` has chosen the language of a post, or none at all.

    As with Mastodon a post that does not say its language is in none.
    """
    # Read once for a query where `viewer` is a parameter; null for a stranger and for none chosen.
    return f"""coalesce(coalesce({language}, '') = ANY((
        SELECT nullif(users.chosen_languages, '{{}}') FROM users
        WHERE users.account_id = {viewer})::text[]), true)"""
