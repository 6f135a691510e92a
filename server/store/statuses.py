"""Statuses: posts and boosts, ours and remote."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from server.addresses import Addresses
from server.errors import NotFound
from server.store import visibility
from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first

# Circles that may do something with a status, without asking and on request: by what is done
# (reply, like, announce), then by `automatic` and `manual` (see migrations/0052).
Policy = dict[str, dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Status:
    """A row of statuses; a boost has `boost_of_id` and nothing to read of its own."""

    id: int
    account_id: int
    uri: str
    url: str | None
    local: bool
    visibility: str
    content: str
    text: str | None
    content_type: str
    spoiler_text: str
    sensitive: bool
    language: str | None
    in_reply_to_id: int | None
    in_reply_to_account_id: int | None
    in_reply_to_uri: str | None
    boost_of_id: int | None
    thread_id: int
    app_id: int | None
    emojis: list[dict[str, str]]
    revision: int
    created_at: datetime
    edited_at: datetime | None
    quote_automatic: list[str]
    quote_manual: list[str]
    interaction_policy: Policy
    context_uri: str | None
    local_only: bool
    imported_from: str | None  # its id where it was first, if it came from an archive
    limited: bool  # a direct one that is also for people whom it does not name


COLUMNS = ", ".join(f"s.{f.name}" for f in fields(Status))


async def find_status(db: Database, status_id: int) -> Status | None:
    """The status with that id, whoever may see it."""
    return _status(await db.fetchrow(f"SELECT {COLUMNS} FROM statuses s WHERE id = $1", status_id))


async def get_status(db: Database, status_id: int) -> Status:
    """As find_status. Raises NotFound."""
    status = await find_status(db, status_id)
    if status is None:
        raise NotFound
    return status


async def lock_status(db: Database, status_id: int) -> Status | None:
    """The status as it is now, held until the transaction ends: edits come one after the other."""
    row = await db.fetchrow(f"SELECT {COLUMNS} FROM statuses s WHERE id = $1 FOR UPDATE", status_id)
    return _status(row)


async def find_by_uri(db: Database, uri: str) -> Status | None:
    """The status with that ActivityPub id, whoever may see it."""
    return _status(await db.fetchrow(f"SELECT {COLUMNS} FROM statuses s WHERE uri = $1", uri))


async def get_visible_status(db: Database, status_id: int, viewer_id: int | None) -> Status:
    """The status, if the viewer (None = a stranger) may see it. Raises NotFound."""
    row = await db.fetchrow(
        f"""
        SELECT {COLUMNS} FROM statuses s
        WHERE id = $1 AND {visibility.visible_with_boost("s", "$2::bigint")}
        """,
        status_id,
        viewer_id,
    )
    if row is None:
        raise NotFound
    return Status(**row)


async def find_original(db: Database, status_id: int, viewer_id: int) -> Status | None:
    """The status, or what it boosts, if the viewer may see it."""
    row = await db.fetchrow(
        f"""
        SELECT {COLUMNS} FROM statuses s
        WHERE id = (SELECT coalesce(boost_of_id, id) FROM statuses WHERE id = $1)
          AND {visibility.visible("s", "$2::bigint")}
        """,
        status_id,
        viewer_id,
    )
    return _status(row)


async def may_interact(db: Database, status: Status, kind: str, account_id: int) -> str:
    """Whether the author of a status lets the account answer, favourite or boost it (`kind`:
    reply, like, announce): `automatic`, `manual` when the author wants to be asked, or `denied`.
    """
    if kind not in status.interaction_policy:
        return "automatic"
    return str(
        await db.fetchval(
            "SELECT may_interact($1, $2, $3, $4, $5)",
            status.interaction_policy,
            kind,
            status.id,
            status.account_id,
            account_id,
        )
    )


async def get_own_status(db: Database, status_id: int, account_id: int) -> Status:
    """The status, if the account wrote it. Raises NotFound."""
    row = await db.fetchrow(
        f"SELECT {COLUMNS} FROM statuses s WHERE id = $1 AND account_id = $2", status_id, account_id
    )
    if row is None:
        raise NotFound
    return Status(**row)


def _status(row: Any) -> Status | None:
    return None if row is None else Status(**row)


async def find_boost(db: Database, account_id: int, original_id: int) -> Status | None:
    """An account's boost of a status."""
    return _status(
        await db.fetchrow(
            f"SELECT {COLUMNS} FROM statuses s WHERE account_id = $1 AND boost_of_id = $2",
            account_id,
            original_id,
        )
    )


async def find_imported(db: Database, account_id: int, uri: str) -> Status | None:
    """An account's own old post that had that id where it was first."""
    return _status(
        await db.fetchrow(
            f"SELECT {COLUMNS} FROM statuses s WHERE account_id = $1 AND imported_from = $2",
            account_id,
            uri,
        )
    )


async def mark_imported(db: Database, status_id: int, uri: str) -> None:
    """Remember the id that a post had where it was first."""
    await db.execute("UPDATE statuses SET imported_from = $2 WHERE id = $1", status_id, uri)


async def list_oldest(db: Database, account_id: int, limit: int) -> list[Status]:
    """An account's first statuses, boosts among them."""
    rows = await db.fetch(
        f"SELECT {COLUMNS} FROM statuses s WHERE account_id = $1 ORDER BY id LIMIT $2",
        account_id,
        limit,
    )
    return [Status(**row) for row in rows]


async def list_visible(db: Database, ids: Sequence[int], viewer_id: int | None) -> list[int]:
    """Those of the ids that the viewer may see, in their order."""
    rows = await db.fetch(
        f"""
        SELECT s.id FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (id, place)
        JOIN statuses s ON s.id = wanted.id
        WHERE {visibility.visible_with_boost("s", "$2::bigint")} ORDER BY wanted.place
        """,
        list(ids),
        viewer_id,
    )
    return [row["id"] for row in rows]


async def booster_page(
    db: Database, status_id: int, viewer_id: int | None, page: Page
) -> list[tuple[int, int]]:
    """(boost id, booster's id) of a status, as far as the viewer may see the boosts and
    wants to."""
    rows = await db.fetch(
        f"""
        SELECT s.id, s.account_id FROM statuses s
        WHERE s.boost_of_id = $1 AND s.visibility IN ('public', 'unlisted')
          AND {visibility.visible("s", "$2::bigint")}
          AND ($2 IS NULL OR {visibility.wanted("s.account_id", "$2")})
          {bounds(page, "s.id", 3)}
        """,
        status_id,
        viewer_id,
        *arguments(page),
    )
    return [(row["id"], row["account_id"]) for row in newest_first(rows, page)]


async def adopt_children(db: Database, parent: Status) -> None:
    """Hang below a status what answers it and came before it; their threads join its own."""
    await db.execute(
        """
        WITH waiting AS (SELECT id, thread_id FROM statuses WHERE in_reply_to_uri = $2),
        children AS (
            UPDATE statuses c SET in_reply_to_id = $1, in_reply_to_account_id = $3,
                in_reply_to_uri = NULL, thread_id = $4, revision = revision + 1
            FROM waiting WHERE c.id = waiting.id),
        counted AS (
            UPDATE status_stats
            SET replies_count = replies_count + (SELECT count(*) FROM waiting)
            WHERE status_id = $1 AND EXISTS (SELECT FROM waiting))
        UPDATE statuses SET thread_id = $4
        WHERE thread_id = ANY(ARRAY(SELECT thread_id FROM waiting))
          AND id <> ALL(ARRAY(SELECT id FROM waiting))
        """,
        parent.id,
        parent.uri,
        parent.account_id,
        parent.thread_id,
    )


async def adopt_parent(db: Database, status_id: int, parent: Status) -> None:
    """Hang a status below a parent that became known later; its thread joins the parent's."""
    await db.execute(
        """
        WITH child AS (
            UPDATE statuses SET in_reply_to_id = $2, in_reply_to_account_id = $3,
                in_reply_to_uri = NULL, revision = revision + 1
            WHERE id = $1 AND in_reply_to_id IS NULL RETURNING thread_id),
        counted AS (
            INSERT INTO status_stats (status_id, replies_count) SELECT $2, 1 FROM child
            ON CONFLICT (status_id) DO UPDATE SET replies_count = status_stats.replies_count + 1)
        UPDATE statuses s SET thread_id = $4 FROM child
        WHERE s.thread_id = child.thread_id AND s.id <> $1
        """,
        status_id,
        parent.id,
        parent.account_id,
        parent.thread_id,
    )
    await db.execute(
        "UPDATE statuses SET thread_id = $2 WHERE id = $1", status_id, parent.thread_id
    )


async def list_of_account(db: Database, account_id: int, ids: Sequence[int]) -> list[Status]:
    """Those of the posts that the account wrote, whoever may see them."""
    rows = await db.fetch(
        f"SELECT {COLUMNS} FROM statuses s WHERE id = ANY($2) AND account_id = $1 ORDER BY id",
        account_id,
        list(ids),
    )
    return [Status(**row) for row in rows]


async def list_by_addresses(
    db: Database, addresses: Addresses, urls: Sequence[str]
) -> list[Status]:
    """Known posts by their ids or their pages; ours are named by both as well."""
    page = re.compile(rf"{re.escape(addresses.origin)}/@[^/]+/(\d{{1,18}})$")
    ours = [int(found[1]) for url in urls if (found := page.match(url))]
    rows = await db.fetch(
        f"""
        SELECT {COLUMNS} FROM statuses s
        WHERE (uri = ANY($1) OR id = ANY($2)) AND boost_of_id IS NULL ORDER BY id
        """,
        list(urls),
        ours,
    )
    return [Status(**row) for row in rows]


async def find_by_uri_or_url(db: Database, address: str) -> Status | None:
    """The remote status with that id, or with that page on the host of its id; whoever may see it.

    Who says that a page of another host is theirs is not found by it.
    """
    return _status(
        await db.fetchrow(
            f"""
            SELECT {COLUMNS} FROM statuses s
            WHERE uri = $1 OR (url = $1 AND split_part(url, '/', 3) = split_part(uri, '/', 3))
            LIMIT 1
            """,
            address,
        )
    )
