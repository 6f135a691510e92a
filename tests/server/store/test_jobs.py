from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from server.store import jobs
from server.store.database import Pool, open_pool

WORKER = UUID(int=1)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Pool]:
    pool = await open_pool(database_url, 4)
    yield pool
    await pool.close()


async def claim(db: Pool, worker: UUID = WORKER, limit: int = 10) -> list[jobs.Job]:
    return await jobs.claim_jobs(db, worker, ["a", "b"], limit)


async def test_a_job_is_claimed_once_and_in_order(db: Pool) -> None:
    await jobs.insert_jobs(
        db, [jobs.NewJob("a", [1, "x"]), jobs.NewJob("b", []), jobs.NewJob("c", [])]
    )
    claimed = await claim(db)
    assert [(job.name, job.args, job.tries) for job in claimed] == [
        ("a", [1, "x"], 1),
        ("b", [], 1),
    ]
    assert await claim(db, uuid4()) == []
    await jobs.delete_jobs(db, [job.id for job in claimed])
    assert await db.fetchval("SELECT array_agg(name) FROM jobs") == ["c"]


async def test_what_a_dead_worker_held_is_free_when_its_lease_runs_out(db: Pool) -> None:
    await jobs.insert_jobs(db, [jobs.NewJob("a", [])])
    [job] = await claim(db)
    await jobs.renew_claims(db, WORKER)
    assert await claim(db, uuid4()) == []
    await db.execute("UPDATE jobs SET claimed_until = now() - interval '1 second'")
    [again] = await claim(db, uuid4())
    assert (again.id, again.tries) == (job.id, 2)


async def test_who_slept_longer_than_its_lease_has_no_say_any_more(db: Pool) -> None:
    await jobs.insert_jobs(db, [jobs.NewJob("a", [])])
    await claim(db)
    await db.execute("UPDATE jobs SET claimed_until = now() - interval '1 second'")
    other = uuid4()
    [job] = await claim(db, other)
    await jobs.postpone_job(db, WORKER, job.id, 0, "too late")
    await jobs.fail_job(db, WORKER, job.id, "too late")
    assert await db.fetchval("SELECT claimed_by FROM jobs WHERE failed_at IS NULL") == other


async def test_a_worker_that_stops_in_order_gives_its_jobs_back(db: Pool) -> None:
    await jobs.insert_jobs(db, [jobs.NewJob("a", [])])
    await claim(db)
    await jobs.release_claims(db, WORKER)
    assert len(await claim(db, uuid4())) == 1


async def test_a_waiting_job_with_the_same_key_is_enough(db: Pool) -> None:
    once = jobs.NewJob("a", [], once_key="a:1")
    await jobs.insert_jobs(db, [once, once])
    await jobs.insert_jobs(db, [once])
    assert len(await claim(db)) == 1
    # While one runs, the next may wait: it could find something new.
    await jobs.insert_jobs(db, [once])
    assert len(await claim(db)) == 1


async def test_later_means_later(db: Pool) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    await jobs.insert_jobs(db, [jobs.NewJob("a", [], run_at=tomorrow), jobs.NewJob("b", [])])
    [job] = await claim(db)
    await jobs.postpone_job(db, WORKER, job.id, 60, "not yet")
    assert await claim(db) == []


async def test_what_is_given_up_stays_to_be_seen(db: Pool) -> None:
    await jobs.insert_jobs(db, [jobs.NewJob("a", [])])
    [job] = await claim(db)
    await jobs.fail_job(db, WORKER, job.id, "never")
    assert await claim(db) == []
    row = await db.fetchrow("SELECT * FROM jobs WHERE id = $1", job.id)
    assert row["error"] == "never"
    assert row["failed_at"] is not None


async def test_no_plan_takes_more_than_was_asked_for(db: Pool) -> None:
    await jobs.insert_jobs(db, [jobs.NewJob("a", [n]) for n in range(50)])
    async with db.acquire() as connection, connection.transaction():
        # What the planner may choose for a table that it knows little of.
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material"):
            await connection.execute(f"SET LOCAL enable_{way} = off")
        claimed = await jobs.claim_jobs(connection, WORKER, ["a"], 3)
    assert len(claimed) == 3


async def test_the_oldest_of_all_names_come_first(db: Pool) -> None:
    now = datetime.now(UTC)
    for name, age in ("a", 10), ("b", 20), ("a", 30), ("b", 40), ("a", 50):
        await jobs.insert_jobs(db, [jobs.NewJob(name, [age], run_at=now - timedelta(seconds=age))])
    claimed = [await claim(db, limit=2), await claim(db, uuid4(), limit=2)]
    assert [sorted(job.args[0] for job in some) for some in claimed] == [[40, 50], [20, 30]]
