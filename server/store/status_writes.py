"""Statuses come, change and go, with all counts that hang on them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from server.store.database import Database
from server.store.statuses import COLUMNS, Policy, Status


@dataclass(frozen=True, slots=True)
class RemoteMedia:
    """A media attachment of somebody else's, kept by its address."""

    type: str
    content_type: str
    remote_url: str
    description: str | None
    blurhash: str | None
    meta: dict[str, object]
    small_remote_url: str | None = None


@dataclass(slots=True)
class NewStatus:
    """A post to be written.

    `uri` is a prefix to which the new id is added for ours, the whole id for a remote one.
    `tags` are (folded name, name as written); `media_ids` are unattached ones of the author.
    """

    account_id: int
    uri: str
    local: bool
    visibility: str
    content: str
    created_at: datetime
    url: str | None = None
    text: str | None = None
    content_type: str = "text/plain"
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    in_reply_to_id: int | None = None
    in_reply_to_uri: str | None = None
    app_id: int | None = None
    emojis: list[dict[str, str]] = field(default_factory=list)
    mentioned_ids: Sequence[int] = ()
    tags: Sequence[tuple[str, str]] = ()
    media_ids: Sequence[int] = ()
    remote_media: Sequence[RemoteMedia] = ()
    edited_at: datetime | None = None
    quote_automatic: Sequence[str] = ()
    quote_manual: Sequence[str] = ()
    interaction_policy: Policy = field(default_factory=dict)
    context_uri: str | None = None
    local_only: bool = False


async def insert_status(db: Database, new: NewStatus) -> Status | None:
    """Write a post with mentions, tags and media; None when its uri exists already.

    It is counted by `count_status`.
    """
    row = await db.fetchrow(
        f"""
        WITH new AS (SELECT new_id($7) AS id),
        parent AS (
            SELECT id, account_id, thread_id FROM statuses
            WHERE id = (SELECT coalesce(boost_of_id, id) FROM statuses WHERE id = $13)),
        s AS (
            INSERT INTO statuses (id, account_id, uri, url, local, visibility, content, text,
                content_type, spoiler_text, sensitive, language, in_reply_to_id,
                in_reply_to_account_id, in_reply_to_uri, thread_id, app_id, emojis, created_at,
                edited_at, quote_automatic, quote_manual, interaction_policy, local_only,
                context_uri)
            SELECT new.id, $1, CASE WHEN $4 THEN $2 || new.id ELSE $2 END, $3, $4, $5, $6, $8, $9,
                $10, $11, $12, parent.id, parent.account_id, $14,
                coalesce(parent.thread_id, new.id), $15, $16, $7, $17, $18, $19, $20, $21, $22
            FROM new LEFT JOIN parent ON true
            ON CONFLICT ON CONSTRAINT statuses_uri_unique DO NOTHING
            RETURNING *),
        stats AS (INSERT INTO status_stats (status_id) SELECT id FROM s)
        SELECT {COLUMNS} FROM s
        """,
        new.account_id, new.uri, new.url, new.local, new.visibility, new.content, new.created_at,
        new.text, new.content_type, new.spoiler_text, new.sensitive, new.language,
        new.in_reply_to_id, None if new.in_reply_to_id else new.in_reply_to_uri, new.app_id,
        new.emojis, new.edited_at, list(new.quote_automatic), list(new.quote_manual),
        new.interaction_policy, new.local_only, new.context_uri,
    )  # fmt: skip
    status = None if row is None else Status(**row)
    # Most posts are nothing but text, and a statement costs by all that it might do.
    if status and (new.mentioned_ids or new.tags or new.media_ids or new.remote_media):
        await _insert_parts(db, status, new)
    return status


async def _insert_parts(db: Database, status: Status, new: NewStatus) -> None:
    await db.execute(
        """
        WITH mentioned AS (
            INSERT INTO status_mentions (status_id, account_id)
            SELECT $1, m FROM unnest($3::bigint[]) m ON CONFLICT DO NOTHING),
        t AS (
            INSERT INTO tags (name, display_name)
            SELECT * FROM unnest($4::text[], $5::text[])
            ON CONFLICT ON CONSTRAINT tags_name_unique DO UPDATE SET name = excluded.name
            RETURNING id),
        tagged AS (INSERT INTO status_tags (tag_id, status_id) SELECT id, $1 FROM t),
        attached AS (
            UPDATE media_attachments m SET status_id = $1, position = x.place
            FROM unnest($6::bigint[]) WITH ORDINALITY AS x (id, place)
            WHERE m.id = x.id AND m.account_id = $2 AND m.status_id IS NULL)
        INSERT INTO media_attachments (account_id, status_id, position, type, content_type,
            remote_url, small_remote_url, description, blurhash, meta)
        SELECT $2, $1, x.position, x.type, x.content_type, x.remote_url, x.small_remote_url,
            x.description, x.blurhash, x.meta
        FROM jsonb_to_recordset($7) AS x (position smallint, type text, content_type text,
            remote_url text, small_remote_url text, description text, blurhash text, meta jsonb)
        """,
        status.id, status.account_id, list(new.mentioned_ids),
        [name for name, _ in sorted(new.tags)], [display for _, display in sorted(new.tags)],
        list(new.media_ids), media_rows(new.remote_media),
    )  # fmt: skip


async def count_status(db: Database, status: Status) -> None:
    """Count a new post for its author and for what it answers: last in its transaction, since
    everything else that touches the counts waits for its end.

    Direct posts count nowhere, and among answers only those that everybody may read do: a count is
    for all who see it.
    """
    if status.visibility == "direct":
        return
    await db.execute(
        """
        WITH parent AS (
            INSERT INTO status_stats (status_id, replies_count)
            SELECT $3::bigint, 1 WHERE $3 IS NOT NULL
            ON CONFLICT (status_id) DO UPDATE SET replies_count = status_stats.replies_count + 1)
        INSERT INTO account_stats (account_id, statuses_count, last_status_at) VALUES ($1, 1, $2)
        ON CONFLICT (account_id) DO UPDATE SET
            statuses_count = account_stats.statuses_count + 1,
            last_status_at = greatest(account_stats.last_status_at, excluded.last_status_at)
        """,
        status.account_id,
        status.created_at,
        status.in_reply_to_id if status.visibility in {"public", "unlisted"} else None,
    )


async def insert_boost(
    db: Database,
    account_id: int,
    original: Status,
    uri: str,
    created_at: datetime,
    visibility: str | None = None,
) -> Status | None:
    """Write a boost; None when the account boosts the status already.

    `uri` is a prefix for ours (see NewStatus), told from a whole one by its closing slash. It is
    for those whom the original is for, unless `visibility` says otherwise: one that waits for
    consent is direct, and not counted.
    """
    row = await db.fetchrow(
        f"""
        WITH new AS (SELECT new_id($4) AS id),
        s AS (
            INSERT INTO statuses (id, account_id, uri, local, visibility, boost_of_id, thread_id,
                                  created_at, local_only)
            SELECT new.id, $1, CASE WHEN right($3, 1) = '/' THEN $3 || new.id ELSE $3 END,
                right($3, 1) = '/', $5, $2, new.id, $4, $6
            FROM new ON CONFLICT DO NOTHING RETURNING *),
        stats AS (
            INSERT INTO status_stats (status_id, boosts_count) SELECT boost_of_id, 1 FROM s
            WHERE visibility <> 'direct'
            ON CONFLICT (status_id) DO UPDATE SET boosts_count = status_stats.boosts_count + 1),
        author AS (
            UPDATE account_stats SET statuses_count = statuses_count + 1,
                last_status_at = greatest(last_status_at, s.created_at)
            FROM s WHERE account_stats.account_id = s.account_id AND s.visibility <> 'direct')
        SELECT {COLUMNS} FROM s
        """,
        account_id,
        original.id,
        uri,
        created_at,
        visibility or original.visibility,
        original.local_only,
    )
    return None if row is None else Status(**row)


@dataclass(frozen=True, slots=True)
class Edit:
    """A status as it shall be from now on."""

    status_id: int
    content: str
    text: str | None
    content_type: str
    spoiler_text: str
    sensitive: bool
    language: str | None
    edited_at: datetime
    emojis: list[dict[str, str]] = field(default_factory=list)
    mentioned_ids: Sequence[int] = ()
    tags: Sequence[tuple[str, str]] = ()
    quote_automatic: Sequence[str] | None = None  # None leaves who may quote


async def record_version(db: Database, status_id: int, at: datetime) -> None:
    """Keep the version that stands now, as made at that time."""
    await db.execute(
        """
        INSERT INTO status_edits (status_id, content, spoiler_text, sensitive, media, poll_options,
                                  created_at)
        SELECT s.id, s.content, s.spoiler_text, s.sensitive,
            coalesce((SELECT jsonb_agg(jsonb_build_object('id', m.id, 'description', m.description)
                                       ORDER BY m.position, m.id)
                      FROM media_attachments m WHERE m.status_id = s.id), '[]'),
            (SELECT options FROM polls p WHERE p.status_id = s.id), $2
        FROM statuses s WHERE s.id = $1
        """,
        status_id,
        at,
    )


async def has_versions(db: Database, status_id: int) -> bool:
    """Whether the status was edited before."""
    found = "SELECT EXISTS (SELECT FROM status_edits WHERE status_id = $1)"
    return bool(await db.fetchval(found, status_id))


async def update_status(db: Database, edit: Edit) -> Status:
    """Write an edit: text, mentions and tags. Media are set apart.

    Whom the text names no longer is no longer shown, but may go on reading what they were told of.
    """
    row = await db.fetchrow(
        f"""
        WITH s AS (
            UPDATE statuses SET content = $2, text = $3, content_type = $4, spoiler_text = $5,
                sensitive = $6, language = $7, edited_at = $8, emojis = $9, revision = revision + 1,
                quote_automatic = coalesce($13::text[], quote_automatic),
                quote_manual = CASE WHEN $13::text[] IS NULL THEN quote_manual
                    ELSE ARRAY[]::text[] END
            WHERE id = $1 RETURNING *),
        fewer AS (
            UPDATE status_mentions SET silent = true
            WHERE status_id = $1 AND account_id <> ALL($10::bigint[]) AND NOT silent),
        more AS (
            INSERT INTO status_mentions (status_id, account_id)
            SELECT $1, m FROM unnest($10::bigint[]) m
            ON CONFLICT (status_id, account_id) DO UPDATE SET silent = false),
        t AS (
            INSERT INTO tags (name, display_name)
            SELECT * FROM unnest($11::text[], $12::text[])
            ON CONFLICT ON CONSTRAINT tags_name_unique DO UPDATE SET name = excluded.name
            RETURNING id),
        untagged AS (
            DELETE FROM status_tags WHERE status_id = $1 AND tag_id NOT IN (SELECT id FROM t)),
        tagged AS (
            INSERT INTO status_tags (tag_id, status_id) SELECT id, $1 FROM t ON CONFLICT DO NOTHING)
        SELECT {COLUMNS} FROM s
        """,
        edit.status_id, edit.content, edit.text, edit.content_type, edit.spoiler_text,
        edit.sensitive, edit.language, edit.edited_at, edit.emojis, list(edit.mentioned_ids),
        [name for name, _ in sorted(edit.tags)], [display for _, display in sorted(edit.tags)],
        None if edit.quote_automatic is None else list(edit.quote_automatic),
    )  # fmt: skip
    return Status(**row)


async def set_sensitive(
    db: Database, account_id: int, ids: Sequence[int], *, is_on: bool
) -> list[int]:
    """Mark an account's posts with media, or take it back; gives the ids of those that changed."""
    rows = await db.fetch(
        """
        UPDATE statuses s SET sensitive = $3, revision = revision + 1,
            edited_at = CASE WHEN local THEN now() ELSE edited_at END
        WHERE id = ANY($2) AND account_id = $1 AND sensitive <> $3
          AND EXISTS (SELECT FROM media_attachments m WHERE m.status_id = s.id)
        RETURNING id
        """,
        account_id,
        list(ids),
        is_on,
    )
    return [row["id"] for row in rows]


async def delete_status(db: Database, status: Status, actor_uri: str) -> None:
    """Delete a status and every boost of it, put the counts right, leave a tombstone.

    A boost that is deleted is not told of any more.
    """
    await db.execute(
        """
        WITH boosters AS (
            SELECT account_id, count(*) AS posts FROM (
                SELECT account_id FROM statuses WHERE boost_of_id = $1
                UNION ALL SELECT $2::bigint WHERE $7 <> 'direct') deleted
            GROUP BY account_id),
        fewer AS (
            UPDATE account_stats s SET statuses_count = greatest(0, statuses_count - b.posts)
            FROM boosters b WHERE s.account_id = b.account_id),
        untold AS (
            DELETE FROM notifications
            WHERE type = 'reblog' AND status_id = $4 AND from_account_id = $2),
        parent AS (
            UPDATE status_stats SET replies_count = greatest(0, replies_count - 1)
            WHERE status_id = $3 AND $7 IN ('public', 'unlisted')),
        original AS (
            UPDATE status_stats SET boosts_count = greatest(0, boosts_count - 1)
            WHERE status_id = $4 AND $7 <> 'direct'),
        quoted AS (
            UPDATE status_stats s SET quotes_count = greatest(0, s.quotes_count - 1)
            FROM quotes q
            WHERE q.status_id = $1 AND q.state = 'accepted' AND s.status_id = q.quoted_id),
        buried AS (
            INSERT INTO tombstones (uri, actor_uri) VALUES ($5, $6) ON CONFLICT DO NOTHING)
        DELETE FROM statuses WHERE id = $1
        """,
        status.id,
        status.account_id,
        status.in_reply_to_id,
        status.boost_of_id,
        status.uri,
        actor_uri,
        status.visibility,
    )


def media_rows(media: Sequence[RemoteMedia]) -> list[dict[str, object]]:
    """Remote media as rows of JSON."""
    return [
        {
            "position": position,
            "type": m.type,
            "content_type": m.content_type,
            "remote_url": m.remote_url,
            "small_remote_url": m.small_remote_url,
            "description": m.description,
            "blurhash": m.blurhash,
            "meta": m.meta,
        }
        for position, m in enumerate(media, 1)
    ]
