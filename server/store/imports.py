"""What members bring along, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.errors import NotFound
from server.store.database import Database


@dataclass(frozen=True, slots=True)
class Import:
    """A row of imports; `total` rows, of which `done` are through, `failed` of them in vain."""

    id: int
    account_id: int
    kind: str
    file_name: str
    overwrite: bool
    state: str
    total: int
    done: int
    failed: int
    created_at: datetime
    finished_at: datetime | None


_COLUMNS = """
    i.id, i.account_id, i.kind, i.file_name, i.overwrite, i.state, i.total, i.done,
    i.created_at, i.finished_at,
    (SELECT count(*)::integer FROM import_rows r WHERE r.import_id = i.id AND r.failed) AS failed
"""


async def insert_import(
    db: Database,
    account_id: int,
    kind: str,
    file_name: str,
    rows: Sequence[dict[str, Any]],
    *,
    overwrite: bool = False,
) -> int:
    """An import that nobody has confirmed yet, with its rows; gives its id."""
    return int(
        await db.fetchval(
            """
            WITH i AS (
                INSERT INTO imports (account_id, kind, file_name, overwrite, total)
                VALUES ($1, $2, $3, $4, jsonb_array_length($5)) RETURNING id),
            rows AS (
                INSERT INTO import_rows (import_id, position, data)
                SELECT i.id, r.position, r.data
                FROM i, jsonb_array_elements($5) WITH ORDINALITY AS r (data, position))
            SELECT id FROM i
            """,
            account_id,
            kind,
            file_name,
            overwrite,
            list(rows),
        )
    )


async def get_import(db: Database, import_id: int, account_id: int) -> Import:
    """A member's own import. Raises NotFound, for another's too."""
    found = await find_import(db, import_id)
    if found is None or found.account_id != account_id:
        raise NotFound
    return found


async def find_import(db: Database, import_id: int) -> Import | None:
    """The import with that id, whoever's it is: for jobs."""
    row = await db.fetchrow(f"SELECT {_COLUMNS} FROM imports i WHERE i.id = $1", import_id)
    return None if row is None else Import(**row)


async def list_imports(db: Database, account_id: int) -> list[Import]:
    """A member's last imports, the newest first."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM imports i WHERE account_id = $1 ORDER BY i.id DESC LIMIT 10",
        account_id,
    )
    return [Import(**row) for row in rows]


async def set_state(db: Database, import_id: int, before: str, after: str) -> bool:
    """One step on; False when the import does not stand at `before`."""
    found = await db.fetchval(
        """
        UPDATE imports SET state = $3, finished_at = CASE WHEN $3 = 'finished' THEN now() END
        WHERE id = $1 AND state = $2 RETURNING true
        """,
        import_id,
        before,
        after,
    )
    return bool(found)


async def list_waiting(db: Database, import_id: int, limit: int) -> list[tuple[int, Any]]:
    """The next rows to be done: (position, data)."""
    rows = await db.fetch(
        """
        SELECT position, data FROM import_rows WHERE import_id = $1 AND NOT failed
        ORDER BY position LIMIT $2
        """,
        import_id,
        limit,
    )
    return [tuple(row) for row in rows]


async def list_rows(db: Database, import_id: int, *, failed: bool) -> list[Any]:
    """What all rows hold, or those that failed."""
    rows = await db.fetch(
        """
        SELECT data FROM import_rows WHERE import_id = $1 AND (failed OR NOT $2)
        ORDER BY position
        """,
        import_id,
        failed,
    )
    return [row["data"] for row in rows]


async def finish_row(db: Database, import_id: int, position: int, *, is_good: bool) -> None:
    """A row is through; once, should two have done it."""
    await db.execute(
        """
        WITH good AS (
            DELETE FROM import_rows
            WHERE import_id = $1 AND position = $2 AND $3 AND NOT failed RETURNING 1),
        bad AS (
            UPDATE import_rows SET failed = true
            WHERE import_id = $1 AND position = $2 AND NOT $3 AND NOT failed RETURNING 1)
        UPDATE imports SET done = done + 1
        WHERE id = $1 AND EXISTS (SELECT FROM good UNION ALL SELECT FROM bad)
        """,
        import_id,
        position,
        is_good,
    )


async def delete_import(db: Database, import_id: int) -> list[str]:
    """Forget it; gives files that nobody needs any more."""
    return await _delete(db, "id = $1", import_id)


async def delete_old(db: Database) -> list[str]:
    """Forget what was not confirmed for a day, and all after two weeks; gives unused files."""
    return await _delete(
        db,
        """
        created_at < now() - interval '14 days'
        OR (state = 'unconfirmed' AND created_at < now() - interval '1 day')
        """,
    )


async def _delete(db: Database, which: str, *args: Any) -> list[str]:
    rows = await db.fetch(
        f"""
        WITH gone AS (DELETE FROM imports WHERE {which} RETURNING id)
        SELECT m ->> 'file' AS file FROM gone JOIN import_rows r ON r.import_id = gone.id,
            jsonb_path_query(r.data, 'lax $.media[*]') m
        """,
        *args,
    )
    return [row["file"] for row in rows]
