"""All that showing statuses needs, for any number of them in six queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from server.errors import NotFound
from server.store import reactions
from server.store.account_views import AccountView, load_account_views
from server.store.cards import Card, load_cards
from server.store.database import Database
from server.store.polls import Poll, find_polls
from server.store.quotes import Quote, find_quotes
from server.store.reactions import Reaction
from server.store.statuses import COLUMNS, Status


@dataclass(frozen=True, slots=True)
class Media:
    """A media attachment as it is shown; `file` stands in our storage, else `remote_url`."""

    id: int
    type: str
    content_type: str
    file: str | None
    small_file: str | None
    remote_url: str | None
    small_remote_url: str | None
    description: str | None
    blurhash: str | None
    meta: dict[str, Any]
    state: str = "ready"  # processing, ready, failed
    proxy_key: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """An account named in a status."""

    id: int
    username: str
    domain: str | None
    url: str | None
    uri: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What the viewer did with a status."""

    favourited: bool = False
    boosted: bool = False
    bookmarked: bool = False
    muted: bool = False
    pinned: bool = False
    quote_approval: str = "denied"  # whether the viewer may quote it: automatic, manual, denied
    own_votes: tuple[int, ...] = ()
    reactions: tuple[str, ...] = ()  # by full name


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class StatusView:
    """A status with all that a page shows of it to everybody."""

    status: Status
    account: AccountView
    media: list[Media]
    mentions: list[Mention]
    tags: list[str]
    reactions: list[Reaction]
    replies_count: int
    boosts_count: int
    favourites_count: int
    quotes_count: int
    app_name: str | None
    app_website: str | None
    poll: Poll | None
    quote: Quote | None
    boost_of: "StatusView | None"
    card: Card | None


async def load_status_views(db: Database, ids: Sequence[int]) -> list[StatusView]:
    """Views in the order of `ids`; deleted ones are left out.

    Whether somebody may see them was decided by the query that chose the ids.
    """
    if not ids:
        return []
    rows = await _load_rows(db, ids)
    found = [row["id"] for row in rows]
    cards = await load_cards(db, found)
    creators = {card.creator_id for card in cards.values() if card.creator_id}
    accounts = await load_account_views(db, {row["account_id"] for row in rows} | creators)
    parts = _Parts(accounts, await find_polls(db, found), await find_quotes(db, found), cards)
    views: dict[int, StatusView] = {}
    # Originals first, so that boosts find them.
    for row in sorted(rows, key=lambda row: row["boost_of_id"] is not None):
        if row["boost_of_id"] is None or row["boost_of_id"] in views:
            views[row["id"]] = _view(dict(row), parts, views)
    return [views[id_] for id_ in ids if id_ in views]


async def get_status_view(db: Database, status_id: int) -> StatusView:
    """The view of one status, whoever may see it. Raises NotFound."""
    views = await load_status_views(db, [status_id])
    if not views:
        raise NotFound
    return views[0]


# Few posts of a page bear a mark: each kind is one walk down an index, not one look a post.
_MARKS = f"""
    SELECT v.id, s.id, 'quote_approval',
        CASE WHEN s.visibility = 'direct' THEN 'denied'
             WHEN s.account_id = v.id THEN 'automatic'
             WHEN s.visibility = 'private' THEN 'denied'
             WHEN 'public' = ANY(s.quote_automatic) THEN 'automatic'
             WHEN s.quote_automatic = '{{}}' AND s.quote_manual = '{{}}' THEN 'denied'
             WHEN in_circles(s.quote_automatic, s.account_id, v.id) THEN 'automatic'
             WHEN in_circles(s.quote_manual, s.account_id, v.id) THEN 'manual'
             ELSE 'denied' END
    FROM statuses s, unnest($2::bigint[]) AS v (id) WHERE s.id = ANY($1)
    UNION ALL
    SELECT account_id, status_id, 'favourited', NULL FROM favourites
    WHERE account_id = ANY($2) AND status_id = ANY($1)
    UNION ALL
    SELECT account_id, boost_of_id, 'boosted', NULL FROM statuses
    WHERE account_id = ANY($2) AND boost_of_id = ANY($1)
    UNION ALL
    SELECT account_id, status_id, 'bookmarked', NULL FROM bookmarks
    WHERE account_id = ANY($2) AND status_id = ANY($1)
    UNION ALL
    SELECT t.account_id, s.id, 'muted', NULL FROM thread_mutes t
    JOIN statuses s ON s.thread_id = t.thread_id AND s.id = ANY($1)
    WHERE t.account_id = ANY($2)
    UNION ALL
    SELECT account_id, status_id, 'pinned', NULL FROM status_pins
    WHERE account_id = ANY($2) AND status_id = ANY($1)
    UNION ALL
    SELECT account_id, status_id, 'own_votes', choice::text FROM poll_votes
    WHERE account_id = ANY($2) AND status_id = ANY($1)
    UNION ALL
    SELECT account_id, status_id, 'reactions', {reactions.FULL_NAME} FROM reactions
    WHERE account_id = ANY($2) AND status_id = ANY($1)
"""


async def load_marks(
    db: Database, ids: Sequence[int], viewer_ids: Sequence[int]
) -> dict[tuple[int, int], Marks]:
    """What each viewer did with each status, and may do: (viewer, status) to marks."""
    if not viewer_ids:
        return {}
    rows = await db.fetch(_MARKS, list(ids), list(viewer_ids))
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for viewer_id, status_id, name, value in rows:
        values = found.setdefault((viewer_id, status_id), {})
        if name == "own_votes":
            values[name] = (*values.get(name, ()), int(value))
        elif name == "reactions":
            values[name] = (*values.get(name, ()), value)
        else:
            values[name] = True if value is None else value
    return {key: Marks(**values) for key, values in found.items()}


async def _load_rows(db: Database, ids: Iterable[int]) -> list[Any]:
    return await db.fetch(
        f"""
        WITH wanted AS (
            SELECT unnest($1::bigint[]) AS id
            UNION
            SELECT boost_of_id FROM statuses WHERE id = ANY($1) AND boost_of_id IS NOT NULL)
        SELECT {COLUMNS},
            coalesce(st.replies_count, 0) AS replies_count,
            coalesce(st.boosts_count, 0) AS boosts_count,
            coalesce(st.favourites_count, 0) AS favourites_count,
            coalesce(st.quotes_count, 0) AS quotes_count,
            apps.name AS app_name, apps.website AS app_website,
            (SELECT jsonb_agg(jsonb_build_object(
                'id', m.id, 'type', m.type, 'content_type', m.content_type, 'file', m.file,
                'small_file', m.small_file, 'remote_url', m.remote_url,
                'small_remote_url', m.small_remote_url, 'description', m.description,
                'blurhash', m.blurhash, 'meta', m.meta, 'proxy_key', m.proxy_key)
                ORDER BY m.position, m.id)
             FROM media_attachments m WHERE m.status_id = s.id) AS media,
            (SELECT jsonb_agg(jsonb_build_object(
                'id', a.id, 'username', a.username, 'domain', a.domain, 'url', a.url,
                'uri', a.uri) ORDER BY a.id)
             FROM status_mentions m JOIN accounts a ON a.id = m.account_id
             WHERE m.status_id = s.id AND NOT m.silent) AS mentions,
            (SELECT jsonb_agg(t.name ORDER BY t.name)
             FROM status_tags st2 JOIN tags t ON t.id = st2.tag_id
             WHERE st2.status_id = s.id) AS tags,
            {reactions.summary("s")} AS reactions
        FROM wanted JOIN statuses s USING (id)
        LEFT JOIN status_stats st ON st.status_id = s.id
        LEFT JOIN apps ON apps.id = s.app_id
        """,
        list(ids),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was read apart: accounts by id, the rest by status."""

    accounts: dict[int, AccountView]
    polls: dict[int, Poll]
    quotes: dict[int, Quote]
    cards: dict[int, Card]


def _view(row: dict[str, Any], parts: _Parts, originals: dict[int, StatusView]) -> StatusView:
    extra = {
        name: row.pop(name)
        for name in (
            "replies_count", "boosts_count", "favourites_count", "quotes_count", "app_name",
            "app_website", "tags",
        )
    }  # fmt: skip
    media = [Media(**m) for m in row.pop("media") or []]
    mentions = [Mention(**m) for m in row.pop("mentions") or []]
    found = reactions.read_summary(row.pop("reactions"))
    status = Status(**row)
    card = parts.cards.get(status.id)
    return StatusView(
        status=status,
        account=parts.accounts[status.account_id],
        media=media,
        mentions=mentions,
        reactions=found,
        poll=parts.polls.get(status.id),
        quote=parts.quotes.get(status.id),
        card=replace(card, creator=parts.accounts.get(card.creator_id or 0)) if card else None,
        boost_of=originals.get(status.boost_of_id) if status.boost_of_id else None,
        **{**extra, "tags": extra["tags"] or []},
    )


@dataclass(frozen=True, slots=True)
class Revision:
    """Which state a status is in: `numbers` change with everything that its readers are shown.

    Left out is what changes rarely and elsewhere (the name of somebody mentioned): whoever keeps
    rendered copies by these numbers must not keep them for long.
    """

    id: int
    account_id: int
    visibility: str
    boost_of_id: int | None
    quote_state: str | None
    quoted_id: int | None
    numbers: tuple[int, ...]


async def load_revisions(db: Database, ids: Sequence[int]) -> dict[int, Revision]:
    """Revisions of statuses, of what they boost and of what these quote, in one query."""
    rows = await db.fetch(
        """
        WITH named AS (
            SELECT unnest($1::bigint[]) AS id
            UNION
            SELECT boost_of_id FROM statuses WHERE id = ANY($1) AND boost_of_id IS NOT NULL),
        wanted AS (
            SELECT id FROM named
            UNION
            SELECT q.quoted_id FROM named JOIN quotes q ON q.status_id = named.id
            WHERE q.quoted_id IS NOT NULL AND q.state = 'accepted')
        SELECT s.id, s.account_id, s.visibility, s.boost_of_id, q.state, q.quoted_id,
            s.revision, coalesce(st.replies_count, 0), coalesce(st.boosts_count, 0),
            coalesce(st.favourites_count, 0), coalesce(st.quotes_count, 0), a.revision,
            coalesce(ac.statuses_count, 0), coalesce(ac.followers_count, 0),
            coalesce(ac.following_count, 0)
        FROM wanted JOIN statuses s USING (id) JOIN accounts a ON a.id = s.account_id
        LEFT JOIN status_stats st ON st.status_id = s.id
        LEFT JOIN account_stats ac ON ac.account_id = s.account_id
        LEFT JOIN quotes q ON q.status_id = s.id
        """,
        list(ids),
    )
    return {row[0]: Revision(*(*row[:6], tuple(row[6:]))) for row in rows}
