"""Pages that many post about now: counted by a job, read as they stand.

Links that lead to the same page (shortened ones) count together, and the page's own address is
shown: a link that led there once may lead elsewhere today.
"""

from dataclasses import dataclass
from typing import Any

from server.errors import NotFound
from server.store.account_views import load_account_views
from server.store.cards import COLUMNS, CREATOR, Card
from server.store.database import Database, affected
from server.store.pages import Page, arguments, bounds, newest_first
from server.store.visibility import in_chosen_language, not_hidden, visible

_FEWEST_ACCOUNTS = 2
_MOST_TRENDS = 100


@dataclass(frozen=True, slots=True)
class Trend:
    """A card with how often it was posted: [{day, accounts, uses}], seven days, today first."""

    card: Card
    history: list[dict[str, Any]]
    trendable: bool | None = None  # what a moderator said of it, if anything


async def refresh(db: Database) -> None:
    """Count anew which pages trend: public posts and boosts of the last seven days.

    A page needs two people of the last three days; yesterday's count for half. What stays
    here, is marked sensitive, or posted by limited or suspended accounts, does not count.
    """
    await db.execute(
        """
        WITH used AS (
            SELECT k.id AS card_id, s.account_id,
                (now() AT TIME ZONE 'UTC')::date - (s.created_at AT TIME ZONE 'UTC')::date AS age
            FROM statuses s
            JOIN statuses o ON o.id = coalesce(s.boost_of_id, s.id)
            JOIN status_cards sc ON sc.status_id = o.id
            JOIN cards c ON c.id = sc.card_id
            JOIN LATERAL (SELECT min(same.id) AS id FROM cards same
                          WHERE same.page_url = c.page_url AND same.is_usable) k ON true
            JOIN accounts a ON a.id = s.account_id
            JOIN accounts writer ON writer.id = o.account_id
            WHERE s.id > id_at(now() - interval '8 days')
              AND s.visibility = 'public' AND o.visibility = 'public'
              AND NOT o.local_only AND NOT o.sensitive AND o.spoiler_text = ''
              AND coalesce(a.silenced_at, a.suspended_at) IS NULL
              AND coalesce(writer.silenced_at, writer.suspended_at) IS NULL
              AND c.is_usable AND c.type = 'link'),
        daily AS (
            SELECT card_id, age, count(*) AS uses, count(DISTINCT account_id) AS accounts
            FROM used WHERE age BETWEEN 0 AND 6 GROUP BY card_id, age),
        people AS (
            SELECT card_id, count(DISTINCT account_id) AS accounts
            FROM used WHERE age BETWEEN 0 AND 2 GROUP BY card_id),
        trends AS (
            SELECT p.card_id, sum(coalesce(d.accounts, 0) * power(0.5, n.age)) AS score,
                jsonb_agg(jsonb_build_object(
                    'day', extract(epoch FROM date_trunc('day', now(), 'UTC'))::bigint
                        - n.age * 86400,
                    'accounts', coalesce(d.accounts, 0), 'uses', coalesce(d.uses, 0))
                    ORDER BY n.age) AS history
            FROM people p CROSS JOIN generate_series(0, 6) AS n (age)
            LEFT JOIN daily d ON d.card_id = p.card_id AND d.age = n.age
            WHERE p.accounts >= $1 GROUP BY p.card_id
            ORDER BY score DESC, p.card_id LIMIT $2),
        gone AS (
            DELETE FROM link_trends WHERE card_id NOT IN (SELECT card_id FROM trends))
        INSERT INTO link_trends (card_id, score, history) SELECT * FROM trends
        ON CONFLICT (card_id) DO UPDATE SET score = excluded.score, history = excluded.history
        """,
        _FEWEST_ACCOUNTS,
        _MOST_TRENDS,
    )
    await db.execute(
        """
        INSERT INTO publishers (domain) SELECT DISTINCT c.site
        FROM link_trends t JOIN cards c ON c.id = t.card_id WHERE c.site <> ''
        ON CONFLICT ON CONSTRAINT publishers_domain_unique DO NOTHING
        """
    )


async def list_trends(
    db: Database,
    offset: int,
    limit: int,
    *,
    by_default: bool | None,
    card_id: int | None = None,
    viewer_id: int | None = None,
) -> list[Trend]:
    """Trending links: first those in a language that the viewer has chosen, then the strongest.
    Two queries, as many as loading accounts needs.

    `by_default` says whether links count of which, and of whose sites, moderators said nothing;
    None: all, for them. With `card_id` one alone, which need not trend.
    """
    if card_id is None:
        tables = "link_trends t JOIN cards c ON c.id = t.card_id"
    else:
        tables = "cards c LEFT JOIN link_trends t ON t.card_id = c.id"
    rows = await db.fetch(
        f"""
        SELECT coalesce(t.history, '[]') AS history, c.trendable, {COLUMNS}, {CREATOR}
        FROM {tables}
        WHERE ($3::boolean IS NULL OR {_trendable("$3")}) AND ($4::bigint IS NULL OR c.id = $4)
        ORDER BY {in_chosen_language("c.language", "$5::bigint")} DESC, t.score DESC, t.card_id
        OFFSET $1 LIMIT $2
        """,
        offset,
        limit,
        by_default,
        card_id,
        viewer_id,
    )
    creators = await load_account_views(db, {row["creator_id"] for row in rows} - {None})
    found = []
    for row in rows:
        values = dict(row)
        history, trendable = values.pop("history"), values.pop("trendable")
        creator = creators.get(values["creator_id"] or 0)
        values["url"] = values["page_url"]
        found.append(Trend(Card(**values, creator=creator), history, trendable))
    return found


def _trendable(by_default: str) -> str:
    """SQL: what was said of the card `c`, else of its site, else by the settings."""
    return f"""coalesce(c.trendable,
        (SELECT p.trendable FROM publishers p WHERE p.domain = c.site), {by_default})"""


async def review(db: Database, card_id: int, *, trendable: bool) -> None:
    """Say whether a link may trend. Raises NotFound."""
    tag = await db.execute("UPDATE cards SET trendable = $2 WHERE id = $1", card_id, trendable)
    if not affected(tag):
        raise NotFound


async def find_trending(db: Database, url: str, *, by_default: bool) -> int | None:
    """The card of a page that trends now; `url` as the list of trends gives it."""
    card_id: int | None = await db.fetchval(
        f"""
        SELECT c.id FROM cards c JOIN link_trends t ON t.card_id = c.id
        WHERE c.page_url = $1 AND c.is_usable AND {_trendable("$2::boolean")}
        """,
        url,
        by_default,
    )
    return card_id


async def timeline_page(
    db: Database, card_id: int, viewer_id: int | None, page: Page, *, ours: bool, others: bool
) -> list[int]:
    """Ids of public posts with a link to a card's page, by people who want to be discovered (our
    members, others, or both), in languages that the viewer has chosen.
    """
    rows = await db.fetch(
        f"""
        SELECT s.id FROM status_cards sc
        JOIN statuses s ON s.id = sc.status_id JOIN accounts a ON a.id = s.account_id
        WHERE sc.card_id IN (SELECT same.id FROM cards c
                             JOIN cards same ON same.page_url = c.page_url AND same.is_usable
                             WHERE c.id = $1)
          AND s.visibility = 'public'
          AND CASE WHEN s.local THEN $6::boolean ELSE $7::boolean END
          AND a.discoverable AND a.silenced_at IS NULL
          AND {visible("s", "$2::bigint")} AND {not_hidden("s.account_id", "$2::bigint")}
          AND {in_chosen_language("s.language", "$2::bigint")}
          {bounds(page, "s.id", 3)}
        """,
        card_id,
        viewer_id,
        *arguments(page),
        ours,
        others,
    )
    return [row["id"] for row in newest_first(rows, page)]
