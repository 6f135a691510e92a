import pytest

from server.addresses import addresses_of
from server.bus import Bus
from server.secrets import open_cipher
from server.settings import Settings
from server.store.database import open_pool
from server.transaction import open_transaction


async def test_jobs_stand_with_what_they_are_for_and_bells_ring_after(settings: Settings) -> None:
    bus = Bus(settings.redis_url)
    pool = await open_pool(settings.database_url, 2)
    listener = bus.listen("jobs:*", "stream")
    await anext(listener)
    async with open_transaction(
        pool, bus, addresses_of(settings, b""), open_cipher(settings)
    ) as tx:
        tx.publish("stream", "told")
        tx.enqueue("a", 1)
        tx.enqueue("a", 2)
        assert await pool.fetchval("SELECT count(*) FROM jobs") == 0
    assert [await anext(listener), await anext(listener)] == [("jobs:a", ""), ("stream", "told")]
    assert await pool.fetchval("SELECT count(*) FROM jobs") == 2
    await listener.aclose()
    await pool.close()
    await bus.close()


async def test_an_exception_leaves_nothing_behind(settings: Settings) -> None:
    bus = Bus(settings.redis_url)
    pool = await open_pool(settings.database_url, 2)

    async def fail() -> None:
        async with open_transaction(
            pool, bus, addresses_of(settings, b""), open_cipher(settings)
        ) as tx:
            await tx.db.execute("INSERT INTO tags (name, display_name) VALUES ('a', 'a')")
            tx.enqueue("a", 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await pool.fetchval("SELECT count(*) FROM tags") == 0
    assert await pool.fetchval("SELECT count(*) FROM jobs") == 0
    await pool.close()
    await bus.close()


async def test_without_a_queue_server_the_commit_still_holds(settings: Settings) -> None:
    bus = Bus("redis://127.0.0.1:1")
    pool = await open_pool(settings.database_url, 2)
    async with open_transaction(
        pool, bus, addresses_of(settings, b""), open_cipher(settings)
    ) as tx:
        tx.enqueue("a", 1)
    assert await pool.fetchval("SELECT count(*) FROM jobs") == 1
    await pool.close()
    await bus.close()
