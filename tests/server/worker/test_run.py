"""The worker process as it is: bells, sweeps, deaths, and a queue server that loses everything."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import redis.asyncio as redis

from server.runtime import Runtime
from server.store import jobs
from server.worker import catalogue
from server.worker.catalogue import Task
from server.worker.drain import Drain

seen: list[int] = []
failures: dict[int, int] = {}


async def note(_: Runtime, number: int) -> None:
    if failures.get(number, 0) > 0:
        failures[number] -= 1
        raise RuntimeError("not yet")
    seen.append(number)


@pytest.fixture
async def drain(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Drain]:
    seen.clear()
    failures.clear()
    monkeypatch.setitem(catalogue.CATALOGUE, "note", Task(note, "background", tries=2))
    found = Drain(runtime, uuid4(), "background")
    running = asyncio.create_task(found.run())
    yield found
    running.cancel()
    await asyncio.wait([running])


async def until(condition: object) -> None:
    async with asyncio.timeout(5):
        while not condition():  # type: ignore[operator]
            await asyncio.sleep(0.005)


async def enqueue(runtime: Runtime, *numbers: int) -> None:
    async with runtime.transaction() as tx:
        for number in numbers:
            tx.enqueue("note", number)


async def left(runtime: Runtime) -> int:
    return int(await runtime.db.fetchval("SELECT count(*) FROM jobs"))


async def test_a_ring_empties_the_queue(runtime: Runtime, drain: Drain) -> None:
    await enqueue(runtime, *range(30))
    drain.ring()
    await until(lambda: sorted(seen) == list(range(30)))
    async with asyncio.timeout(5):
        while await left(runtime):
            await asyncio.sleep(0.01)


async def test_a_failed_job_waits_and_is_given_up_in_the_end(
    runtime: Runtime, drain: Drain
) -> None:
    failures[7] = 5
    await enqueue(runtime, 7)
    for tries in (1, 2):
        await runtime.db.execute("UPDATE jobs SET run_at = now()")
        drain.ring()
        async with asyncio.timeout(5):
            while await runtime.db.fetchval(
                "SELECT claimed_by IS NOT NULL OR tries < $1 FROM jobs", tries
            ):
                await asyncio.sleep(0.01)
    row = await runtime.db.fetchrow("SELECT * FROM jobs")
    assert row["failed_at"] is not None
    assert "not yet" in row["error"]
    assert await jobs.claim_jobs(runtime.db, uuid4(), ["note"], 10) == []


async def test_a_bell_is_heard_and_a_lost_one_does_no_harm(
    runtime: Runtime, drain: Drain, redis_url: str
) -> None:
    listener = runtime.bus.listen("jobs:*")
    await anext(listener)
    await enqueue(runtime, 1)
    assert await anext(listener) == ("jobs:note", "")
    async with redis.Redis.from_url(redis_url) as queue:
        await queue.flushall()
    drain.ring()  # what the sweep does every few seconds
    await until(lambda: seen == [1])
    await listener.aclose()


def test_every_job_has_a_queue_with_slots() -> None:
    assert {task.queue for task in catalogue.CATALOGUE.values()} <= set(catalogue.SLOTS)
