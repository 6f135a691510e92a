"""Pages of timelines: each one query, with all that decides who sees what in it.

The feeds that members look at most come with all that showing them needs; the others give ids.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from server.store import revisions
from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first
from server.store.revisions import Found
from server.store.visibility import (
    in_chosen_language,
    not_hidden,
    visible,
    visible_with_boost,
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which part of a public timeline: everything, ours, others' (of these `domains` alone, unless
    None), or only what has media.
    """

    local: bool = False
    remote: bool = False
    only_media: bool = False
    domains: Sequence[str] | None = None


async def home_page(db: Database, account_id: int, page: Page) -> Found:
    """A member's home timeline."""
    return await _feed_page(db, "home_entries", "account_id", account_id, account_id, page)


async def list_page(db: Database, list_id: int, viewer_id: int, page: Page) -> Found:
    """A list timeline."""
    return await _feed_page(db, "list_entries", "list_id", list_id, viewer_id, page)


async def public_page(
    db: Database, viewer_id: int | None, page: Page, selection: Selection
) -> list[int]:
    """Ids of public posts that are no boosts and no answers to others, in languages that the viewer
    has chosen.
    """
    if selection.domains is not None and not selection.domains:
        selection = replace(selection, local=True, domains=None)
    rows = await db.fetch(
        f"""
        SELECT s.id FROM statuses s
        WHERE s.visibility = 'public' AND s.boost_of_id IS NULL AND s.in_reply_to_uri IS NULL
          AND (s.in_reply_to_account_id IS NULL OR s.in_reply_to_account_id = s.account_id)
          AND ($5::text[] IS NULL OR s.local OR EXISTS (
               SELECT FROM accounts a WHERE a.id = s.account_id AND a.domain = ANY($5)))
          AND {in_chosen_language("s.language", "$1::bigint")}
          {_selected(selection)} AND {_listed("$1")} {bounds(page, "s.id", 2)}
        """,
        viewer_id,
        *arguments(page),
        None if selection.domains is None else list(selection.domains),
    )
    return [row["id"] for row in newest_first(rows, page)]


async def tag_page(
    db: Database,
    viewer_id: int | None,
    any_of: Sequence[str],
    all_of: Sequence[str],
    none_of: Sequence[str],
    page: Page,
    selection: Selection,
) -> list[int]:
    """Ids of public posts with any of these tags, all of those and none of the last."""
    # Tag by tag: each is read from its newest post on, and only as far as the page goes.
    rows = await db.fetch(
        f"""
        SELECT DISTINCT s.id FROM (SELECT id FROM tags WHERE name = ANY($5)) tag, LATERAL (
            SELECT s.id FROM status_tags st JOIN statuses s ON s.id = st.status_id
            WHERE st.tag_id = tag.id
              AND (SELECT count(*) FROM status_tags a JOIN tags t ON t.id = a.tag_id
                   WHERE a.status_id = s.id AND t.name = ANY($6)) = cardinality($6)
              AND NOT EXISTS (SELECT FROM status_tags n JOIN tags t ON t.id = n.tag_id
                              WHERE n.status_id = s.id AND t.name = ANY($7))
              AND s.visibility = 'public' {_selected(selection)} AND {_listed("$1")}
              {bounds(page, "st.status_id", 2)}) s
        WHERE true {bounds(page, "s.id", 2)}
        """,
        viewer_id,
        *arguments(page),
        list(any_of),
        list(all_of),
        list(none_of),
    )
    return [row["id"] for row in newest_first(rows, page)]


async def direct_page(db: Database, account_id: int, page: Page) -> list[int]:
    """Ids of direct posts by or for a member."""
    shown = f"""s.visibility = 'direct' AND NOT s.limited AND {visible("s", "$1")}
        AND {not_hidden("s.account_id", "$1")}"""
    rows = await db.fetch(
        f"""
        SELECT s.id FROM (
            (SELECT s.id FROM statuses s
             WHERE s.account_id = $1 AND {shown} {bounds(page, "s.id", 2)})
            UNION
            (SELECT s.id FROM status_mentions m JOIN statuses s ON s.id = m.status_id
             WHERE m.account_id = $1 AND {shown} {bounds(page, "m.status_id", 2)})) s
        WHERE true {bounds(page, "s.id", 2)}
        """,
        account_id,
        *arguments(page),
    )
    return [row["id"] for row in newest_first(rows, page)]


async def account_page(
    db: Database,
    account_id: int,
    viewer_id: int | None,
    page: Page,
    *,
    only_media: bool = False,
    exclude_replies: bool = False,
    exclude_boosts: bool = False,
    pinned: bool = False,
    tagged: str | None = None,
) -> list[int]:
    """Ids of what one account posted, as far as the viewer may see it."""
    conditions = ""
    if only_media:
        conditions += " AND EXISTS (SELECT FROM media_attachments m WHERE m.status_id = s.id)"
    if exclude_replies:
        conditions += (
            " AND s.in_reply_to_uri IS NULL AND (s.in_reply_to_account_id IS NULL"
            " OR s.in_reply_to_account_id = s.account_id)"
        )
    if exclude_boosts:
        conditions += " AND s.boost_of_id IS NULL"
    if pinned:
        conditions += (
            " AND EXISTS (SELECT FROM status_pins p"
            " WHERE p.status_id = s.id AND p.account_id = s.account_id)"
        )
    rows = await db.fetch(
        f"""
        SELECT s.id FROM statuses s
        WHERE s.account_id = $1 AND {visible_with_boost("s", "$2::bigint")} {conditions}
          AND ($6::text IS NULL OR EXISTS (
               SELECT FROM status_tags st JOIN tags t ON t.id = st.tag_id
               WHERE st.status_id = s.id AND t.name = $6))
          AND (s.visibility <> 'direct' OR $1 = $2::bigint OR EXISTS (
               SELECT FROM status_mentions m WHERE m.status_id = s.id AND m.account_id = $2))
          {bounds(page, "s.id", 3)}
        """,
        account_id,
        viewer_id,
        *arguments(page),
        tagged,
    )
    return [row["id"] for row in newest_first(rows, page)]


async def _feed_page(
    db: Database, table: str, feed: str, feed_id: int, viewer_id: int, page: Page
) -> Found:
    way = Page(0) if page.min_id is None else Page(0, min_id=0)
    rows = await db.fetch(_feed_query(table, feed, way), feed_id, viewer_id, *arguments(page))
    return revisions.read_found(rows)


@cache
def _feed_query(table: str, feed: str, way: Page) -> str:
    named = f"""
        SELECT s.id, s.boost_of_id FROM {table} e JOIN statuses s ON s.id = e.status_id
        WHERE e.{feed} = $1 AND {visible_with_boost("s", "$2::bigint")}
          {bounds(way, "e.status_id", 3)}"""
    return revisions.query(named, "ARRAY[$2::bigint]")


def _selected(selection: Selection) -> str:
    parts = []
    if selection.local:
        parts.append("AND s.local")
    if selection.remote:
        parts.append("AND NOT s.local")
    if selection.only_media:
        parts.append("AND EXISTS (SELECT FROM media_attachments m WHERE m.status_id = s.id)")
    return " ".join(parts)


def _listed(viewer: str) -> str:
    """Visible, not hidden by the viewer, and its author not limited by the instance."""
    return f"""{visible("s", f"{viewer}::bigint")}
        AND {not_hidden("s.account_id", f"{viewer}::bigint")}
        AND NOT EXISTS (SELECT FROM accounts q
                        WHERE q.id = s.account_id AND q.silenced_at IS NOT NULL)"""
