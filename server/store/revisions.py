"""In which state statuses and accounts are, and what viewers did with them: all that showing kept
copies needs, in one query.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from server.store import reactions
from server.store.database import Database
from server.store.visibility import visible_with_boost

Numbers = str  # several, as one text: quicker to read than one by one


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
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Marks:
    """What the viewer did with a status."""

    favourited: bool = False
    boosted: bool = False
    bookmarked: bool = False
    muted: bool = False
    pinned: bool = False
    quote_approval: str = "denied"  # may the viewer quote it: automatic, manual, unknown
    own_votes: tuple[int, ...] = ()
    reactions: tuple[str, ...] = ()  # by full name


NO_MARKS = Marks()
MarksOf = dict[tuple[int, int], Marks]  # by viewer and status


@dataclass(frozen=True, slots=True)
class Found:
    """What a query chose, in its order; with revisions of what that boosts and of what these quote,
    and marks of the viewers.
    """

    ids: list[int]
    revisions: dict[int, Revision]
    marks: MarksOf


# Between the parts of a mark, and between marks.
_FIELD, _MARK = "\x1f", "\x1e"


def query(named: str, viewers: str = "$2::bigint[]") -> str:
    """SQL for `read_found`: `named` chooses rows with `id` and `boost_of_id`, the newest first;
    `viewers` is an array of accounts' ids.
    """
    return f"""
        WITH named AS MATERIALIZED ({named}),
        shown AS MATERIALIZED (
            SELECT id FROM named
            UNION SELECT boost_of_id FROM named WHERE boost_of_id IS NOT NULL),
        wanted AS MATERIALIZED (
            SELECT id FROM shown
            UNION
            SELECT q.quoted_id FROM shown JOIN quotes q ON q.status_id = shown.id
            WHERE q.quoted_id IS NOT NULL AND q.state = 'accepted')
        SELECT s.id IN (SELECT id FROM named), s.id, s.account_id, s.visibility, s.boost_of_id,
            q.state, q.quoted_id,
            concat_ws(' ', s.id, s.revision, coalesce(st.replies_count, 0),
                coalesce(st.boosts_count, 0), coalesce(st.favourites_count, 0),
                coalesce(st.quotes_count, 0), a.revision, coalesce(ac.statuses_count, 0),
                coalesce(ac.followers_count, 0), coalesce(ac.following_count, 0)),
            m.marks
        FROM wanted JOIN statuses s USING (id) JOIN accounts a ON a.id = s.account_id
        LEFT JOIN status_stats st ON st.status_id = s.id
        LEFT JOIN account_stats ac ON ac.account_id = s.account_id
        LEFT JOIN quotes q ON q.status_id = s.id
        LEFT JOIN (SELECT status_id, string_agg(
                       concat_ws('{_FIELD}', viewer_id, name, value), '{_MARK}') AS marks
                   FROM ({_marks_query(viewers)}) AS one GROUP BY status_id) AS m
            ON m.status_id = s.id
        """


# Few posts of a page bear a mark: each kind is one walk down an index, not one look a post.
def _marks_query(viewers: str) -> str:
    return f"""
        SELECT v.id AS viewer_id, s.id AS status_id, 'quote_approval' AS name,
            CASE WHEN s.visibility = 'direct' THEN 'denied'
                 WHEN s.account_id = v.id THEN 'automatic'
                 WHEN s.visibility = 'private' THEN 'denied'
                 WHEN 'public' = ANY(s.quote_automatic) THEN 'automatic'
                 WHEN s.quote_automatic = '{{}}' AND s.quote_manual = '{{}}' THEN 'denied'
                 WHEN in_circles(s.quote_automatic, s.account_id, v.id) THEN 'automatic'
                 WHEN 'unsupported_policy' = ANY(s.quote_automatic || s.quote_manual) THEN 'unknown'
                 WHEN in_circles(s.quote_manual, s.account_id, v.id) THEN 'manual'
                 ELSE 'denied' END AS value
        FROM statuses s, unnest({viewers}) AS v (id) WHERE s.id = ANY(ARRAY(SELECT id FROM wanted))
        UNION ALL
        SELECT account_id, status_id, 'favourited', NULL FROM favourites
        WHERE account_id = ANY({viewers}) AND status_id = ANY(ARRAY(SELECT id FROM wanted))
        UNION ALL
        SELECT account_id, boost_of_id, 'boosted', NULL FROM statuses
        WHERE account_id = ANY({viewers}) AND boost_of_id = ANY(ARRAY(SELECT id FROM wanted))
        UNION ALL
        SELECT account_id, status_id, 'bookmarked', NULL FROM bookmarks
        WHERE account_id = ANY({viewers}) AND status_id = ANY(ARRAY(SELECT id FROM wanted))
        UNION ALL
        SELECT t.account_id, s.id, 'muted', NULL FROM thread_mutes t
        JOIN statuses s ON s.thread_id = t.thread_id AND s.id = ANY(ARRAY(SELECT id FROM wanted))
        WHERE t.account_id = ANY({viewers})
        UNION ALL
        SELECT account_id, status_id, 'pinned', NULL FROM status_pins
        WHERE account_id = ANY({viewers}) AND status_id = ANY(ARRAY(SELECT id FROM wanted))
        UNION ALL
        SELECT account_id, status_id, 'own_votes', choice::text FROM poll_votes
        WHERE account_id = ANY({viewers}) AND status_id = ANY(ARRAY(SELECT id FROM wanted))
        UNION ALL
        SELECT account_id, status_id, 'reactions',
            translate({reactions.FULL_NAME}, '{_FIELD}{_MARK}', '') FROM reactions
        WHERE account_id = ANY({viewers}) AND status_id = ANY(ARRAY(SELECT id FROM wanted))
        """


_STATUSES = "SELECT s.id, s.boost_of_id FROM statuses s WHERE s.id = ANY($1)"
_CHOSEN = query(_STATUSES)
_VISIBLE = query(f"{_STATUSES} AND {visible_with_boost('s', '$3::bigint')}")


async def load_revisions(db: Database, ids: Sequence[int], viewers: Sequence[int]) -> Found:
    """Those that exist of `ids`, for these viewers.

    Whether the viewers may see them was decided by the query that chose the ids.
    """
    return read_found(await db.fetch(_CHOSEN, list(ids), list(viewers)))


async def load_visible_revisions(db: Database, ids: Sequence[int], viewer: int | None) -> Found:
    """Those of `ids` that the viewer (None = a stranger) may see."""
    viewers = [] if viewer is None else [viewer]
    return read_found(await db.fetch(_VISIBLE, list(ids), viewers, viewer))


async def load_marks(db: Database, ids: Sequence[int], viewers: Sequence[int]) -> MarksOf:
    """What each viewer did with each status, and may do."""
    return (await load_revisions(db, ids, viewers)).marks


# Numbers that change with everything that readers of the account `a` are shown.
ACCOUNT_NUMBERS = """concat_ws(' ', a.id, a.revision, coalesce(account_stats.statuses_count, 0),
    coalesce(account_stats.followers_count, 0), coalesce(account_stats.following_count, 0),
    coalesce(users.role_id, 0))"""
WITH_ACCOUNT_NUMBERS = """LEFT JOIN account_stats ON account_stats.account_id = a.id
    LEFT JOIN users ON users.account_id = a.id"""


async def load_account_revisions(db: Database, ids: Iterable[int]) -> dict[int, Numbers]:
    """Numbers of accounts by id."""
    rows = await db.fetch(
        f"""
        SELECT a.id, {ACCOUNT_NUMBERS} FROM accounts a {WITH_ACCOUNT_NUMBERS}
        WHERE a.id = ANY($1)
        """,
        list(ids),
    )
    return dict(rows)


def read_found(rows: Sequence[Any]) -> Found:
    """Rows of a `query`."""
    ids, revisions, marks = [], {}, {}
    for named, id_, *values, marked in rows:
        if named:
            ids.append(id_)
        revisions[id_] = Revision(id_, *values)
        if marked:
            for viewer_id, one in _read_marks(marked):
                marks[viewer_id, id_] = one
    ids.sort(reverse=True)
    return Found(ids, revisions, marks)


@lru_cache(maxsize=10_000)
def _read_marks(marked: str) -> Sequence[tuple[int, Marks]]:
    """Each viewer's marks; nearly every post has the same ones."""
    found: dict[int, dict[str, Any]] = {}
    for mark in marked.split(_MARK):
        viewer_id, name, *value = mark.split(_FIELD)
        values = found.setdefault(int(viewer_id), {})
        if name == "own_votes":
            values[name] = (*values.get(name, ()), int(value[0]))
        elif name == "reactions":
            values[name] = (*values.get(name, ()), *value)
        else:
            values[name] = value[0] if value else True
    return [(viewer_id, Marks(**values)) for viewer_id, values in found.items()]
