import asyncio

import asyncpg
import pytest

from server.store import migrate


async def test_a_migrated_database_has_nothing_pending(database_url: str) -> None:
    assert await migrate.migrate(database_url) == []
    connection = await asyncpg.connect(database_url)
    assert await migrate.pending_migrations(connection) == []
    await connection.close()


async def test_several_starting_processes_apply_each_file_once(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()
    applied = await asyncio.gather(*(migrate.migrate(database_url) for _ in range(4)))
    names = [name for names in applied for name in names]
    assert names == sorted(set(names))
    assert len(names) > 5


async def test_a_file_that_changed_after_it_was_applied_is_refused(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("UPDATE migrations SET checksum = 'other' WHERE name LIKE '0001%'")
    await connection.close()
    with pytest.raises(migrate.MigrationError, match=r"0001_ids\.sql has changed"):
        await migrate.migrate(database_url)


async def test_ids_sort_by_time_and_never_repeat(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    ids = await connection.fetch("SELECT new_id() AS id FROM generate_series(1, 70000)")
    assert len({row["id"] for row in ids}) == 70000
    at = "timestamptz '2026-01-01 12:00:00.5+00'"
    assert await connection.fetchval(f"SELECT new_id({at}) >> 16 = id_at({at}) >> 16")
    await connection.close()


async def test_tables_of_a_newer_version_are_left_alone(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "INSERT INTO migrations (name, checksum) VALUES ('9999_later.sql', '')"
    )
    await connection.close()
    with pytest.raises(migrate.MigrationError, match=r"newer version \(it brought 9999_later"):
        await migrate.migrate(database_url)
