"""Questions with choices, and who chose what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server.store.database import Database


@dataclass(frozen=True, slots=True)
class Poll:
    """A row of polls; `votes` counts each of the `options`."""

    status_id: int
    account_id: int
    options: list[str]
    votes: list[int]
    voters_count: int | None
    multiple: bool
    hide_totals: bool
    expires_at: datetime | None
    closed_at: datetime | None
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewPoll:
    """A poll to be written; remote ones bring their counts."""

    options: Sequence[str]
    multiple: bool
    hide_totals: bool
    expires_at: datetime | None
    votes: Sequence[int] | None = None
    voters_count: int | None = 0
    fetched_at: datetime | None = None


async def find_poll(db: Database, status_id: int) -> Poll | None:
    """The poll of a status."""
    row = await db.fetchrow("SELECT * FROM polls WHERE status_id = $1", status_id)
    return None if row is None else Poll(**row)


async def find_polls(db: Database, status_ids: Sequence[int]) -> dict[int, Poll]:
    """Polls by status."""
    if not status_ids:
        return {}
    rows = await db.fetch("SELECT * FROM polls WHERE status_id = ANY($1)", list(status_ids))
    return {row["status_id"]: Poll(**row) for row in rows}


async def put_poll(db: Database, status_id: int, account_id: int, new: NewPoll) -> None:
    """Write the poll of a status. Other options, or another way to choose, begin a new count."""
    await db.execute(
        """
        WITH void AS (
            DELETE FROM poll_votes v USING polls p
            WHERE p.status_id = $1 AND v.status_id = $1
              AND (p.options <> $3::text[] OR p.multiple <> $6))
        INSERT INTO polls (status_id, account_id, options, votes, voters_count, multiple,
                           hide_totals, expires_at, fetched_at)
        VALUES ($1, $2, $3, coalesce($4::integer[], array_fill(0, ARRAY[cardinality($3::text[])])),
                $5, $6, $7, $8, $9)
        ON CONFLICT (status_id) DO UPDATE SET options = excluded.options,
            votes = CASE WHEN $4::integer[] IS NULL AND polls.options = excluded.options
                              AND polls.multiple = excluded.multiple
                         THEN polls.votes ELSE excluded.votes END,
            voters_count = CASE WHEN $4::integer[] IS NULL AND polls.options = excluded.options
                                     AND polls.multiple = excluded.multiple
                                THEN polls.voters_count ELSE excluded.voters_count END,
            multiple = excluded.multiple, hide_totals = excluded.hide_totals,
            expires_at = excluded.expires_at, fetched_at = excluded.fetched_at,
            closed_at = CASE WHEN polls.expires_at = excluded.expires_at THEN polls.closed_at END
        """,
        status_id,
        account_id,
        list(new.options),
        None if new.votes is None else list(new.votes),
        new.voters_count,
        new.multiple,
        new.hide_totals,
        new.expires_at,
        new.fetched_at,
    )


async def delete_poll(db: Database, status_id: int) -> None:
    """An edit took it away."""
    await db.execute("DELETE FROM polls WHERE status_id = $1", status_id)


async def lock_poll(db: Database, status_id: int) -> Poll | None:
    """The poll, held until the transaction ends: votes are counted one after the other."""
    row = await db.fetchrow("SELECT * FROM polls WHERE status_id = $1 FOR UPDATE", status_id)
    return None if row is None else Poll(**row)


async def choices_of(db: Database, status_id: int, account_id: int) -> list[int]:
    """What an account chose."""
    rows = await db.fetch(
        "SELECT choice FROM poll_votes WHERE status_id = $1 AND account_id = $2 ORDER BY choice",
        status_id,
        account_id,
    )
    return [row["choice"] for row in rows]


async def insert_votes(
    db: Database,
    status_id: int,
    account_id: int,
    choices: Sequence[int],
    uris: Sequence[str | None],
) -> int:
    """Keep and count votes; gives how many are new. The status is rendered anew."""
    return int(
        await db.fetchval(
            """
            WITH before AS (
                SELECT EXISTS (SELECT FROM poll_votes WHERE status_id = $1 AND account_id = $2)
                    AS voted),
            new AS (
                INSERT INTO poll_votes (status_id, account_id, choice, uri)
                SELECT $1, $2, choice, uri
                FROM unnest($3::smallint[], $4::text[]) AS x (choice, uri)
                ON CONFLICT DO NOTHING RETURNING choice),
            counted AS (
                UPDATE polls SET votes = ARRAY(
                        SELECT v + (place - 1 IN (SELECT choice FROM new))::integer
                        FROM unnest(votes) WITH ORDINALITY AS o (v, place) ORDER BY place),
                    voters_count = voters_count
                        + (NOT (SELECT voted FROM before))::integer
                WHERE status_id = $1 AND EXISTS (SELECT FROM new)),
            changed AS (
                UPDATE statuses SET revision = revision + 1
                WHERE id = $1 AND EXISTS (SELECT FROM new))
            SELECT count(*) FROM new
            """,
            status_id,
            account_id,
            list(choices),
            list(uris),
        )
    )


async def set_counts(
    db: Database, status_id: int, votes: Sequence[int], voters_count: int | None
) -> None:
    """Take over what the origin counted just now."""
    await db.execute(
        """
        WITH changed AS (UPDATE statuses SET revision = revision + 1 WHERE id = $1)
        UPDATE polls SET votes = $2, voters_count = $3, fetched_at = now() WHERE status_id = $1
        """,
        status_id,
        list(votes),
        voters_count,
    )


async def close_poll(db: Database, status_id: int) -> list[int]:
    """Note that its end is told, if it has come; gives who voted, and the author.

    By the clock that lets the job run: that of a worker elsewhere may be behind it.
    """
    rows = await db.fetch(
        """
        WITH closed AS (
            UPDATE polls SET closed_at = now()
            WHERE status_id = $1 AND closed_at IS NULL AND expires_at <= now()
            RETURNING status_id, account_id),
        changed AS (
            UPDATE statuses SET revision = revision + 1
            WHERE id IN (SELECT status_id FROM closed))
        SELECT v.account_id FROM closed JOIN poll_votes v ON v.status_id = closed.status_id
        UNION SELECT account_id FROM closed
        """,
        status_id,
    )
    return [row["account_id"] for row in rows]
