"""Keys of the instance itself."""

from dataclasses import dataclass

from server.store.database import Database


@dataclass(frozen=True, slots=True)
class InstanceKey:
    """A row of instance_keys."""

    public: bytes
    private_sealed: bytes


async def find_key(db: Database, name: str) -> InstanceKey | None:
    """The key of that name."""
    row = await db.fetchrow(
        "SELECT public, private_sealed FROM instance_keys WHERE name = $1", name
    )
    return None if row is None else InstanceKey(**row)


async def insert_key(db: Database, name: str, public: bytes, private_sealed: bytes) -> None:
    """Keep a new key; of several processes that make one, the first one's stays."""
    await db.execute(
        """
        INSERT INTO instance_keys (name, public, private_sealed) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO NOTHING
        """,
        name,
        public,
        private_sealed,
    )
