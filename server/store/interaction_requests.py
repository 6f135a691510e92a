"""Who asks to answer, favourite or boost a post whose author wants to be asked."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from server.errors import NotFound
from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first


@dataclass(frozen=True, slots=True)
class Asking:
    """A request as it is written; see migrations/0054."""

    kind: str  # reply, like, announce
    account_id: int
    target_id: int
    status_id: int
    interaction_uri: str
    done_id: int | None = None
    visibility: str | None = None
    request_uri: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A row of interaction_requests."""

    id: int
    kind: str
    account_id: int
    target_id: int
    status_id: int
    interaction_uri: str
    done_id: int | None
    visibility: str | None
    request_uri: str | None
    state: str
    stamp_uri: str | None
    created_at: datetime
    answered_at: datetime | None


_COLUMNS = ", ".join(f"r.{f.name}" for f in fields(Request))


async def insert_request(db: Database, asking: Asking) -> Request:
    """Write a request; asking again about the same thing changes only how it was asked."""
    row = await db.fetchrow(
        f"""
        INSERT INTO interaction_requests AS r (kind, account_id, target_id, status_id,
            interaction_uri, done_id, visibility, request_uri)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT ON CONSTRAINT interaction_requests_uri_unique DO UPDATE
            SET request_uri = coalesce(excluded.request_uri, r.request_uri),
                done_id = coalesce(r.done_id, excluded.done_id)
        RETURNING {_COLUMNS}
        """,
        asking.kind,
        asking.account_id,
        asking.target_id,
        asking.status_id,
        asking.interaction_uri,
        asking.done_id,
        asking.visibility,
        asking.request_uri,
    )
    return Request(**row)


async def answer_request(
    db: Database, request_id: int, state: str, stamp_uri: str | None = None
) -> None:
    """Accept or reject."""
    await db.execute(
        """
        UPDATE interaction_requests SET state = $2, answered_at = now(), stamp_uri = $3
        WHERE id = $1
        """,
        request_id,
        state,
        stamp_uri,
    )


async def find_request(db: Database, request_id: int) -> Request | None:
    """By its id."""
    return _request(
        await db.fetchrow(
            f"SELECT {_COLUMNS} FROM interaction_requests r WHERE id = $1", request_id
        )
    )


async def find_by_interaction(db: Database, uri: str) -> Request | None:
    """By the id of the answer, Like or Announce."""
    return _request(
        await db.fetchrow(
            f"SELECT {_COLUMNS} FROM interaction_requests r WHERE interaction_uri = $1", uri
        )
    )


async def list_granted_by(db: Database, stamp_uri: str) -> list[Request]:
    """What somebody elsewhere agreed to by that stamp."""
    rows = await db.fetch(
        f"""
        SELECT {_COLUMNS} FROM interaction_requests r
        WHERE r.stamp_uri = $1 AND r.state = 'accepted'
        """,
        stamp_uri,
    )
    return [Request(**row) for row in rows]


async def find_by_done(db: Database, status_id: int) -> Request | None:
    """By the answer or boost that it is about."""
    return _request(
        await db.fetchrow(
            f"SELECT {_COLUMNS} FROM interaction_requests r WHERE done_id = $1", status_id
        )
    )


async def get_asked(db: Database, account_id: int, request_id: int) -> Request:
    """A request that the account may answer. Raises NotFound."""
    found = await find_request(db, request_id)
    if found is None or found.target_id != account_id:
        raise NotFound
    return found


async def waiting_page(
    db: Database, account_id: int, kinds: Sequence[str], status_id: int | None, page: Page
) -> list[Request]:
    """Requests that wait for the account's answer, newest first."""
    rows = await db.fetch(
        f"""
        SELECT {_COLUMNS} FROM interaction_requests r
        WHERE r.target_id = $1 AND r.state = 'pending' AND r.kind = ANY($2)
          AND ($3::bigint IS NULL OR r.status_id = $3)
          {bounds(page, "r.id", 4)}
        """,
        account_id,
        list(kinds),
        status_id,
        *arguments(page),
    )
    return [Request(**row) for row in newest_first(rows, page)]


def _request(row: Any) -> Request | None:
    return None if row is None else Request(**row)
