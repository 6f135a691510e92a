"""Uploads of members until they are attached to a status."""

from dataclasses import dataclass, fields
from typing import Any

from server.store.database import Database
from server.store.status_views import Media

COLUMNS = ", ".join(f.name for f in fields(Media))


async def insert_media(
    db: Database,
    account_id: int,
    content_type: str,
    file: str,
    small_file: str,
    description: str | None,
    blurhash: str,
    meta: dict[str, Any],
) -> Media:
    """A processed picture that hangs on nothing yet."""
    row = await db.fetchrow(
        f"""
        INSERT INTO media_attachments (account_id, type, content_type, file, small_file,
                                       description, blurhash, meta)
        VALUES ($1, 'image', $2, $3, $4, $5, $6, $7) RETURNING {COLUMNS}
        """,
        account_id,
        content_type,
        file,
        small_file,
        description,
        blurhash,
        meta,
    )
    return Media(**row)


async def insert_recording(
    db: Database,
    account_id: int,
    kind: str,
    content_type: str,
    raw_file: str,
    description: str | None,
    small_file: str | None,
    blurhash: str | None,
    meta: dict[str, Any],
) -> Media:
    """An uploaded recording that is still to be processed."""
    row = await db.fetchrow(
        f"""
        INSERT INTO media_attachments (account_id, type, content_type, raw_file, description,
                                       small_file, blurhash, meta, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'processing') RETURNING {COLUMNS}
        """,
        account_id,
        kind,
        content_type,
        raw_file,
        description,
        small_file,
        blurhash,
        meta,
    )
    return Media(**row)


async def find_raw(db: Database, media_id: int) -> str | None:
    """What was uploaded, if it is still to be processed."""
    found: str | None = await db.fetchval(
        "SELECT raw_file FROM media_attachments WHERE id = $1 AND state = 'processing'", media_id
    )
    return found


async def finish_media(
    db: Database,
    media_id: int,
    kind: str,
    content_type: str,
    file: str,
    small_file: str | None,
    blurhash: str | None,
    meta: dict[str, Any],
) -> list[str]:
    """A recording is ready; gives files that nobody needs.

    A preview of the member's own stays; what was deleted meanwhile stays deleted.
    """
    row = await db.fetchrow(
        """
        WITH before AS (SELECT id, small_file FROM media_attachments WHERE id = $1)
        UPDATE media_attachments m SET type = $2, content_type = $3, file = $4,
            small_file = coalesce(m.small_file, $5), blurhash = coalesce(m.blurhash, $6),
            meta = $7 || m.meta, state = 'ready', raw_file = NULL
        FROM before WHERE m.id = before.id
        RETURNING before.small_file AS kept
        """,
        media_id,
        kind,
        content_type,
        file,
        small_file,
        blurhash,
        meta,
    )
    if row is None:
        return [name for name in (file, small_file) if name]
    return [small_file] if row["kept"] and small_file else []


async def mark_failed(db: Database, media_id: int) -> None:
    """A recording could not be processed."""
    await db.execute(
        "UPDATE media_attachments SET state = 'failed', raw_file = NULL WHERE id = $1", media_id
    )


async def set_thumbnail(
    db: Database, media_id: int, small_file: str, blurhash: str, size: dict[str, Any]
) -> tuple[Media, list[str]]:
    """Another preview; gives the file that is not used any more."""
    row = await db.fetchrow(
        f"""
        WITH before AS (SELECT small_file AS old FROM media_attachments WHERE id = $1)
        UPDATE media_attachments SET small_file = $2, blurhash = $3,
            meta = meta || jsonb_build_object('small', $4::jsonb) FROM before
        WHERE id = $1 RETURNING {COLUMNS}, before.old
        """,
        media_id,
        small_file,
        blurhash,
        size,
    )
    values = dict(row)
    old = values.pop("old")
    return Media(**values), [old] if old else []


async def find_unattached(db: Database, account_id: int, media_id: int) -> Media | None:
    """A member's own upload that hangs on nothing yet."""
    row = await db.fetchrow(
        f"""
        SELECT {COLUMNS} FROM media_attachments
        WHERE id = $1 AND account_id = $2 AND status_id IS NULL
        """,
        media_id,
        account_id,
    )
    return None if row is None else Media(**row)


async def list_attached(db: Database, status_id: int) -> list[Media]:
    """What hangs on a status, in its order."""
    rows = await db.fetch(
        f"SELECT {COLUMNS} FROM media_attachments WHERE status_id = $1 ORDER BY position, id",
        status_id,
    )
    return [Media(**row) for row in rows]


async def load_usable(
    db: Database,
    account_id: int,
    ids: list[int],
    status_id: int | None = None,
    scheduled_id: int | None = None,
) -> dict[int, tuple[str, str]]:
    """(type, state) of those of these uploads that are the member's and hang on nothing, or on that
    very post.
    """
    rows = await db.fetch(
        """
        SELECT id, type, state FROM media_attachments
        WHERE id = ANY($2) AND account_id = $1 AND (status_id IS NULL OR status_id = $3)
          AND (scheduled_id IS NULL OR scheduled_id = $4)
        """,
        account_id,
        ids,
        status_id,
        scheduled_id,
    )
    return {row["id"]: (row["type"], row["state"]) for row in rows}


async def update_media(
    db: Database, media_id: int, description: str | None, focus: tuple[float, float] | None
) -> Media:
    """Change what is given; None leaves it."""
    row = await db.fetchrow(
        f"""
        UPDATE media_attachments SET description = coalesce($2, description),
            meta = CASE WHEN $3::float8 IS NULL THEN meta
                   ELSE meta || jsonb_build_object('focus',
                        jsonb_build_object('x', $3::float8, 'y', $4::float8)) END
        WHERE id = $1 RETURNING {COLUMNS}
        """,
        media_id,
        description,
        focus[0] if focus else None,
        focus[1] if focus else None,
    )
    return Media(**row)


async def reattach(db: Database, status_id: int, account_id: int, ids: list[int]) -> None:
    """Let exactly these uploads hang on the status, in this order."""
    await db.execute(
        """
        WITH dropped AS (
            UPDATE media_attachments SET status_id = NULL
            WHERE status_id = $1 AND id <> ALL($3::bigint[]))
        UPDATE media_attachments m SET status_id = $1, position = x.place
        FROM unnest($3::bigint[]) WITH ORDINALITY AS x (id, place)
        WHERE m.id = x.id AND m.account_id = $2
        """,
        status_id,
        account_id,
        ids,
    )


async def replace_remote(db: Database, status_id: int, rows: list[dict[str, object]]) -> None:
    """Let exactly these remote media hang on a remote status; the others are abandoned."""
    await db.execute(
        """
        WITH gone AS (UPDATE media_attachments SET status_id = NULL WHERE status_id = $1)
        INSERT INTO media_attachments (account_id, status_id, position, type, content_type,
            remote_url, small_remote_url, description, blurhash, meta)
        SELECT s.account_id, s.id, x.position, x.type, x.content_type, x.remote_url,
            x.small_remote_url, x.description, x.blurhash, x.meta
        FROM statuses s, jsonb_to_recordset($2) AS x (position smallint, type text,
            content_type text, remote_url text, small_remote_url text, description text,
            blurhash text, meta jsonb)
        WHERE s.id = $1
        """,
        status_id,
        rows,
    )


async def is_attached(db: Database, account_id: int, media_id: int) -> bool:
    """Whether it is a member's own that hangs on a post."""
    return bool(
        await db.fetchval(
            """
            SELECT EXISTS (SELECT FROM media_attachments
                           WHERE id = $1 AND account_id = $2 AND status_id IS NOT NULL)
            """,
            media_id,
            account_id,
        )
    )


async def delete_unattached(db: Database, account_id: int, media_id: int) -> list[str]:
    """Delete an upload; gives the files to delete, none when there is no such upload."""
    row = await db.fetchrow(
        """
        DELETE FROM media_attachments WHERE id = $1 AND account_id = $2 AND status_id IS NULL
        RETURNING file, small_file, raw_file
        """,
        media_id,
        account_id,
    )
    return [name for name in row if name] if row else []


async def delete_attached(db: Database, status_id: int) -> list[str]:
    """Delete what hangs on a status; gives the files to delete."""
    rows = await db.fetch(
        "DELETE FROM media_attachments WHERE status_id = $1 RETURNING file, small_file", status_id
    )
    return [name for row in rows for name in row if name]


async def delete_abandoned(db: Database) -> list[str]:
    """Delete uploads that hang on nothing for a day, and copies of those of others; gives the files
    to delete.
    """
    rows = await db.fetch(
        """
        WITH gone AS (
            DELETE FROM media_attachments
            WHERE status_id IS NULL AND scheduled_id IS NULL
              AND created_at < now() - interval '1 day'
            RETURNING file, small_file, raw_file, proxy_key),
        copies AS (
            DELETE FROM media_copies c USING gone WHERE c.key = gone.proxy_key RETURNING c.file)
        SELECT file, small_file, raw_file FROM gone
        UNION ALL SELECT file, NULL, NULL FROM copies
        """
    )
    return [name for row in rows for name in row if name]


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of somebody else's; its author's actor and domain."""

    remote_url: str
    author_uri: str
    author_domain: str


async def find_remote_file(db: Database, proxy_key: str) -> RemoteFile | None:
    """The remote file with that name at our address, of a status that is still there."""
    row = await db.fetchrow(
        """
        SELECT m.remote_url, a.uri AS author_uri, coalesce(a.domain, '') AS author_domain
        FROM media_attachments m JOIN accounts a ON a.id = m.account_id
        WHERE m.proxy_key = $1 AND m.remote_url IS NOT NULL AND m.status_id IS NOT NULL
          AND a.suspended_at IS NULL
        """,
        proxy_key,
    )
    return None if row is None else RemoteFile(**row)
