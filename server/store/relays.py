"""Relays that this instance subscribes to."""

from dataclasses import dataclass
from typing import Any, Literal

from server.store.database import Database, affected

Style = Literal["mastodon", "litepub"]


@dataclass(frozen=True, slots=True)
class Relay:
    """A row of relays; `state` is pending, accepted or rejected."""

    id: int
    address: str
    style: Style
    inbox_url: str
    actor_uri: str | None
    follow_uri: str
    state: str


_COLUMNS = "id, address, style, inbox_url, actor_uri, follow_uri, state"


async def put_relay(
    db: Database, address: str, style: Style, inbox_url: str, actor_uri: str | None, follow_uri: str
) -> None:
    """A relay that was asked to let us subscribe, the first time or again."""
    await db.execute(
        """
        INSERT INTO relays (address, style, inbox_url, actor_uri, follow_uri)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (address) DO UPDATE SET state = 'pending', style = excluded.style,
            inbox_url = excluded.inbox_url, actor_uri = excluded.actor_uri,
            follow_uri = excluded.follow_uri
        """,
        address,
        style,
        inbox_url,
        actor_uri,
        follow_uri,
    )


async def list_relays(db: Database) -> list[Relay]:
    """All of them, the first one first."""
    return [Relay(**row) for row in await db.fetch(f"SELECT {_COLUMNS} FROM relays ORDER BY id")]


async def find_relay(db: Database, address: str) -> Relay | None:
    """The relay that was given by that address."""
    return _relay(await db.fetchrow(f"SELECT {_COLUMNS} FROM relays WHERE address = $1", address))


async def find_by_follow(db: Database, follow_uri: str) -> Relay | None:
    """The relay that was asked by that Follow."""
    return _relay(
        await db.fetchrow(f"SELECT {_COLUMNS} FROM relays WHERE follow_uri = $1", follow_uri)
    )


async def is_relay(db: Database, actor_uri: str) -> bool:
    """Whether an actor is a relay that accepted us."""
    return bool(
        await db.fetchval(
            "SELECT EXISTS (SELECT FROM relays WHERE actor_uri = $1 AND state = 'accepted')",
            actor_uri,
        )
    )


async def list_inboxes(db: Database, style: Style) -> list[str]:
    """Inboxes of the relays of a style that accepted us."""
    rows = await db.fetch(
        "SELECT inbox_url FROM relays WHERE state = 'accepted' AND style = $1", style
    )
    return [row["inbox_url"] for row in rows]


async def set_state(db: Database, relay_id: int, state: str, actor_uri: str) -> None:
    """What a relay answered, and who answered for it."""
    await db.execute(
        "UPDATE relays SET state = $2, actor_uri = $3 WHERE id = $1", relay_id, state, actor_uri
    )


async def delete_relay(db: Database, relay_id: int) -> bool:
    """Forget a relay; gives whether it was there."""
    return affected(await db.execute("DELETE FROM relays WHERE id = $1", relay_id)) > 0


def _relay(row: Any) -> Relay | None:
    return None if row is None else Relay(**row)
