from server.runtime import Runtime
from server.store.snapshots import name_snapshot


async def test_the_name_stays_while_nothing_is_written(runtime: Runtime) -> None:
    async def looks_twice() -> bool:
        before = await name_snapshot(runtime.db)
        await runtime.db.fetch("SELECT count(*) FROM statuses")
        return await name_snapshot(runtime.db) == before

    # PostgreSQL tidies up by itself now and then, and counts that as writing.
    assert any([await looks_twice() for _ in range(5)])


async def test_what_is_written_has_a_new_name_once_it_can_be_seen(runtime: Runtime) -> None:
    async with runtime.db.acquire() as db, db.transaction():
        await db.execute("INSERT INTO tags (name, display_name) VALUES ('late', 'late')")
        before = await name_snapshot(runtime.db)
        # What begins later and ends earlier changes it too.
        await runtime.db.execute("INSERT INTO tags (name, display_name) VALUES ('new', 'new')")
        between = await name_snapshot(runtime.db)
    after = await name_snapshot(runtime.db)
    assert len({before, between, after}) == 3
