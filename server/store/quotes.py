"""Which post quotes which, and whether its author agrees."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first
from server.store.statuses import Status
from server.store.visibility import visible


@dataclass(frozen=True, slots=True)
class Quote:
    """A row of quotes."""

    status_id: int
    account_id: int
    quoted_id: int | None
    quoted_account_id: int | None
    quoted_uri: str
    state: str
    approval_uri: str | None


@dataclass(frozen=True, slots=True)
class Relation:
    """How a viewer stands to a quoted post and its author."""

    visible: bool
    blocked: bool
    muted: bool


_COLUMNS = """q.status_id, q.account_id, q.quoted_id, q.quoted_account_id, q.quoted_uri, q.state,
    q.approval_uri"""


async def find_quote(db: Database, status_id: int) -> Quote | None:
    """What a status quotes."""
    row = await db.fetchrow(f"SELECT {_COLUMNS} FROM quotes q WHERE status_id = $1", status_id)
    return None if row is None else Quote(**row)


async def find_quotes(db: Database, status_ids: Sequence[int]) -> dict[int, Quote]:
    """Quotes by the status that quotes."""
    if not status_ids:
        return {}
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM quotes q WHERE status_id = ANY($1)", list(status_ids)
    )
    return {row["status_id"]: Quote(**row) for row in rows}


async def insert_quote(db: Database, quote: Quote) -> None:
    """Write what a status quotes; an accepted one counts at once."""
    await db.execute(
        """
        WITH counted AS (
            UPDATE status_stats SET quotes_count = quotes_count + 1
            WHERE status_id = $3 AND $6 = 'accepted')
        INSERT INTO quotes (status_id, account_id, quoted_id, quoted_account_id, quoted_uri, state,
                            approval_uri)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
        """,
        quote.status_id,
        quote.account_id,
        quote.quoted_id,
        quote.quoted_account_id,
        quote.quoted_uri,
        quote.state,
        quote.approval_uri,
    )


async def insert_pending(db: Database, status_id: int, account_id: int, quoted_uri: str) -> None:
    """Write what a status of somebody else's says that it quotes; it may be known here or not."""
    await db.execute(
        """
        INSERT INTO quotes (status_id, account_id, quoted_id, quoted_account_id, quoted_uri, state)
        SELECT $1, $2, s.id, s.account_id, $3, 'pending'
        FROM (SELECT) AS one LEFT JOIN statuses s ON s.uri = $3 AND s.boost_of_id IS NULL
        ON CONFLICT DO NOTHING
        """,
        status_id,
        account_id,
        quoted_uri,
    )


async def attach(db: Database, status_id: int, quoted: Status) -> None:
    """What a status quotes has become known."""
    await db.execute(
        """
        WITH changed AS (UPDATE statuses SET revision = revision + 1 WHERE id = $1)
        UPDATE quotes SET quoted_id = $2, quoted_account_id = $3 WHERE status_id = $1
        """,
        status_id,
        quoted.id,
        quoted.account_id,
    )


async def delete_quote(db: Database, status_id: int) -> None:
    """The status quotes nothing any more; the count of the quoted post follows."""
    await db.execute(
        """
        WITH gone AS (DELETE FROM quotes WHERE status_id = $1 RETURNING quoted_id, state)
        UPDATE status_stats s SET quotes_count = greatest(0, quotes_count - 1)
        FROM gone WHERE s.status_id = gone.quoted_id AND gone.state = 'accepted'
        """,
        status_id,
    )


async def find_by_approval(db: Database, approval_uri: str) -> Quote | None:
    """The quote for which that stamp of somebody else's was given."""
    row = await db.fetchrow(
        f"SELECT {_COLUMNS} FROM quotes q WHERE approval_uri = $1", approval_uri
    )
    return None if row is None else Quote(**row)


async def set_state(
    db: Database, status_id: int, state: str, approval_uri: str | None = None
) -> None:
    """Accept, reject or revoke; the count of the quoted post follows."""
    await db.execute(
        """
        WITH old AS (SELECT quoted_id, state FROM quotes WHERE status_id = $1),
        counted AS (
            UPDATE status_stats s
            SET quotes_count = greatest(0, quotes_count + ($2 = 'accepted')::integer
                                           - (old.state = 'accepted')::integer)
            FROM old WHERE s.status_id = old.quoted_id AND old.state <> $2),
        changed AS (UPDATE statuses SET revision = revision + 1 WHERE id = $1)
        UPDATE quotes SET state = $2, approval_uri = $3 WHERE status_id = $1
        """,
        status_id,
        state,
        approval_uri,
    )


async def quote_page(
    db: Database, quoted_id: int, viewer_id: int, page: Page, *, is_author: bool
) -> list[int]:
    """Ids of accepted quotes of a post that the viewer may see; its author sees all of them."""
    rows = await db.fetch(
        f"""
        SELECT s.id FROM quotes q JOIN statuses s ON s.id = q.status_id
        WHERE q.quoted_id = $1 AND q.state = 'accepted'
          AND ({visible("s", "$2::bigint")})
          AND ($3 OR s.visibility IN ('public', 'unlisted') OR s.account_id = $2)
          {bounds(page, "s.id", 4)}
        """,
        quoted_id,
        viewer_id,
        is_author,
        *arguments(page),
    )
    return [row["id"] for row in newest_first(rows, page)]


async def quoter_ids(db: Database, quoted_id: int) -> list[tuple[int, int]]:
    """(quoting status, its author) of the accepted quotes of a post by members."""
    rows = await db.fetch(
        """
        SELECT q.status_id, q.account_id FROM quotes q JOIN users u ON u.account_id = q.account_id
        WHERE q.quoted_id = $1 AND q.state = 'accepted'
        """,
        quoted_id,
    )
    return [(row["status_id"], row["account_id"]) for row in rows]


async def load_relations(
    db: Database, quoted_ids: Collection[int], viewer_ids: Sequence[int | None]
) -> dict[tuple[int | None, int], Relation]:
    """(viewer, quoted post) to how the viewer stands to it."""
    if not quoted_ids:
        return {}
    rows = await db.fetch(
        f"""
        SELECT v.id AS viewer_id, s.id, {visible("s", "v.id")} AS visible,
            EXISTS (SELECT FROM blocks b
                    WHERE b.account_id = v.id AND b.target_id = s.account_id) AS blocked,
            EXISTS (SELECT FROM mutes m
                    WHERE m.account_id = v.id AND m.target_id = s.account_id
                      AND (m.expires_at IS NULL OR m.expires_at > now())) AS muted
        FROM statuses s, unnest($2::bigint[]) AS v (id) WHERE s.id = ANY($1)
        """,
        list(quoted_ids),
        list(viewer_ids),
    )
    return {
        (row["viewer_id"], row["id"]): Relation(row["visible"], row["blocked"], row["muted"])
        for row in rows
    }
