"""Rules for new posts of strangers, in their order."""

import asyncio
from dataclasses import dataclass

from server.errors import NotFound
from server.store import places
from server.store.database import Connection, Database, affected


@dataclass(frozen=True, slots=True)
class InboundRule:
    """A row of inbound_rules; what the words mean stands in server/remote/strangers.py."""

    id: int
    condition: str
    value: str
    outcome: str


class InboundRules:
    """All rules as one process knows them, loaded anew when they change; one reading at a time, so
    that the last to begin is the last to end.
    """

    def __init__(self) -> None:
        self._reading = asyncio.Lock()
        self.all: list[InboundRule] = []

    async def load(self, db: Database) -> None:
        """Read them from the database."""
        async with self._reading:
            self.all = await list_rules(db)


async def list_rules(db: Database) -> list[InboundRule]:
    """All rules, the first one first."""
    rows = await db.fetch(
        "SELECT id, condition, value, outcome FROM inbound_rules ORDER BY position, id"
    )
    return [InboundRule(**row) for row in rows]


async def get_rule(db: Database, rule_id: int) -> InboundRule:
    """One. Raises NotFound."""
    row = await db.fetchrow(
        "SELECT id, condition, value, outcome FROM inbound_rules WHERE id = $1::bigint", rule_id
    )
    if row is None:
        raise NotFound(f"There is no rule {rule_id}")
    return InboundRule(**row)


async def insert_rule(db: Database, condition: str, value: str, outcome: str) -> int:
    """A rule after all others; gives its id."""
    return int(
        await db.fetchval(
            """
            INSERT INTO inbound_rules (position, condition, value, outcome)
            SELECT coalesce(max(position), 0) + 1, $1, $2, $3 FROM inbound_rules RETURNING id
            """,
            condition,
            value,
            outcome,
        )
    )


async def move_rule(db: Connection, rule_id: int, place: int) -> None:
    """Put a rule at a place, counted from 1; the others make room. Raises NotFound."""
    await places.move(db, "inbound_rules", rule_id, place)


async def delete_rule(db: Database, rule_id: int) -> None:
    """Take a rule away. Raises NotFound."""
    if not affected(await db.execute("DELETE FROM inbound_rules WHERE id = $1", rule_id)):
        raise NotFound(f"There is no rule {rule_id}")
