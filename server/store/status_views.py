"""All that showing statuses needs, for any number of them in two to six queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from server.errors import NotFound
from server.store import reactions
from server.store.account_views import AccountView, load_account_views
from server.store.cards import Card, load_cards
from server.store.collections import Collection, find_linked
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
    collections: list[Collection]  # to which it links


async def load_status_views(db: Database, ids: Sequence[int]) -> list[StatusView]:
    """Views in the order of `ids`; deleted ones are left out.

    Whether somebody may see them was decided by the query that chose the ids.
    """
    if not ids:
        return []
    rows = await _load_rows(db, ids)
    cards = await load_cards(db, _with(rows, "has_card"))
    creators = {card.creator_id for card in cards.values() if card.creator_id}
    accounts = await load_account_views(db, {row["account_id"] for row in rows} | creators)
    polls = await find_polls(db, _with(rows, "has_poll"))
    quotes = await find_quotes(db, _with(rows, "has_quote"))
    linked = await find_linked(db, [id_ for row in rows for id_ in row["collection_ids"]])
    parts = _Parts(accounts, polls, quotes, cards, linked)
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


def _with(rows: Sequence[Any], part: str) -> list[int]:
    """Those that have such a part: most posts have none, and then nothing is asked."""
    return [row["id"] for row in rows if row[part]]


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
            EXISTS (SELECT FROM status_cards c WHERE c.status_id = s.id) AS has_card,
            EXISTS (SELECT FROM polls p WHERE p.status_id = s.id) AS has_poll,
            EXISTS (SELECT FROM quotes q WHERE q.status_id = s.id) AS has_quote,
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
            ARRAY(SELECT sc.collection_id FROM status_collections sc
                  WHERE sc.status_id = s.id ORDER BY sc.position) AS collection_ids,
            {reactions.summary("s")} AS reactions
        FROM wanted JOIN statuses s USING (id)
        LEFT JOIN status_stats st ON st.status_id = s.id
        LEFT JOIN apps ON apps.id = s.app_id
        """,
        list(ids),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was read apart: accounts and collections by id, the rest by status."""

    accounts: dict[int, AccountView]
    polls: dict[int, Poll]
    quotes: dict[int, Quote]
    cards: dict[int, Card]
    collections: dict[int, Collection]  # by their own ids


def _view(row: dict[str, Any], parts: _Parts, originals: dict[int, StatusView]) -> StatusView:
    for part in ("has_card", "has_poll", "has_quote"):
        del row[part]
    extra = {
        name: row.pop(name)
        for name in (
            "replies_count",
            "boosts_count",
            "favourites_count",
            "quotes_count",
            "app_name",
            "app_website",
            "tags",
        )
    }
    media = [Media(**m) for m in row.pop("media") or []]
    mentions = [Mention(**m) for m in row.pop("mentions") or []]
    found = reactions.read_summary(row.pop("reactions"))
    linked = [parts.collections.get(id_) for id_ in row.pop("collection_ids")]
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
        collections=[collection for collection in linked if collection],
        boost_of=originals.get(status.boost_of_id) if status.boost_of_id else None,
        **{**extra, "tags": extra["tags"] or []},
    )
