"""Applies `migrations/NNNN_name.sql` in order, each once, in a transaction of its own.

Several starting processes may call this at once: an advisory lock lets one work while the others
wait and then find nothing to do.
"""

import hashlib
from importlib import resources

import asyncpg

from server.store.database import MINIMUM_VERSION, Connection

_LOCK = 0x57414E44  # "WAND"


class MigrationError(Exception):
    """The database is too old, or was migrated by files other than these."""


async def migrate(database_url: str) -> list[str]:
    """Bring the schema up to date; returns the names of the files applied now.

    Raises MigrationError for a PostgreSQL before 15, for an applied file that has changed, and for
    tables of a newer version.
    """
    connection = await asyncpg.connect(database_url)
    try:
        if connection.get_server_version().major < MINIMUM_VERSION:
            raise MigrationError(f"PostgreSQL {MINIMUM_VERSION} or later is needed")
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        return await _apply_missing(connection)
    finally:
        await connection.close()


async def pending_migrations(db: Connection) -> list[str]:
    """Names of the files that this database has not seen."""
    applied = await _applied(db)
    return [name for name, _ in _files() if name not in applied]


async def _apply_missing(db: Connection) -> list[str]:
    applied = await _applied(db)
    now_applied = []
    if newer := sorted(applied.keys() - {name for name, _ in _files()}):
        raise MigrationError(
            f"the tables are those of a newer version (it brought {newer[-1]}), and cannot go back:"
            " start that version, or restore a backup of before"
        )
    for name, sql in _files():
        checksum = hashlib.sha256(sql.encode()).hexdigest()
        if name in applied:
            if applied[name] != checksum:
                raise MigrationError(f"{name} has changed since it was applied; add a new file")
            continue
        async with db.transaction():
            await db.execute(sql)
            await db.execute(
                "INSERT INTO migrations (name, checksum) VALUES ($1, $2)", name, checksum
            )
        now_applied.append(name)
    return now_applied


async def _applied(db: Connection) -> dict[str, str]:
    await db.execute(
        "CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, checksum text NOT NULL,"
        " applied_at timestamptz NOT NULL DEFAULT now())"
    )
    return {row["name"]: row["checksum"] for row in await db.fetch("SELECT * FROM migrations")}


def _files() -> list[tuple[str, str]]:
    """All migrations as (name, SQL), in order."""
    files = [f for f in resources.files("migrations").iterdir() if f.name.endswith(".sql")]
    return [(f.name, f.read_text("utf-8")) for f in sorted(files, key=lambda f: f.name)]
