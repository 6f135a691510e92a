"""The order of things that somebody puts in order: rows with an id and a position."""

from server.errors import NotFound
from server.store.database import Connection


async def move(db: Connection, table: str, id_: int, place: int, *, among: str = "true") -> None:
    """Put a row of that table at a place, counted from 1; the others make room. `among` is the
    condition of those that count. Raises NotFound.
    """
    async with db.transaction():
        rows = await db.fetch(
            f"SELECT id FROM {table} WHERE {among} ORDER BY position, id FOR UPDATE"
        )
        ids = [row["id"] for row in rows]
        if id_ not in ids:
            raise NotFound(f"There is no rule {id_}")
        ids.remove(id_)
        ids.insert(max(place, 1) - 1, id_)
        await db.execute(
            f"""
            UPDATE {table} SET position = o.place
            FROM unnest($1::bigint[]) WITH ORDINALITY AS o (id, place) WHERE {table}.id = o.id
            """,
            ids,
        )
