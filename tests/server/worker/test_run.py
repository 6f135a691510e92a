"""The worker process as it is: bells, sweeps, deaths, and a queue server that loses everything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest
import redis.asyncio as redis

from server.runtime import Runtime
from server.settings import Settings
from server.store import jobs
from server.worker import catalogue, run
from server.worker.catalogue import Task
from server.worker.drain import Drain
from tests.line import Line
from tests.waiting import until, until_blocked

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
    async with running(found):
        yield found


@asynccontextmanager
async def running(drain: Drain) -> AsyncIterator[None]:
    """It works for the length of a block."""
    task = asyncio.create_task(drain.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def enqueue(runtime: Runtime, *numbers: int) -> None:
    async with runtime.transaction() as tx:
        for number in numbers:
            tx.enqueue("note", number)


async def test_a_ring_empties_the_queue(runtime: Runtime, drain: Drain) -> None:
    await enqueue(runtime, *range(30))
    drain.ring()
    await until(lambda: sorted(seen) == list(range(30)), "all jobs run")
    await until(lambda: runtime.db.fetchval("SELECT count(*) = 0 FROM jobs"), "all written off")


async def test_what_is_done_when_a_worker_is_told_to_stop_is_not_done_again(
    runtime: Runtime, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.worker.drain._GATHER_SECONDS", 3600.0)
    other = Drain(runtime, uuid4(), "background")
    await enqueue(runtime, 1)
    async with running(other):
        other.ring()
        await until(lambda: seen == [1], "the job run")
    assert await runtime.db.fetchval("SELECT count(*) FROM jobs") == 0


async def test_a_worker_that_is_told_to_stop_waits_until_its_jobs_have_ended(
    runtime: Runtime, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def begin(_: Runtime, number: int) -> None:
        try:
            seen.append(number)
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)
            seen.append(-number)

    monkeypatch.setitem(catalogue.CATALOGUE, "note", Task(begin, "background"))
    await enqueue(runtime, 1)
    other = Drain(runtime, uuid4(), "background")
    async with running(other):
        other.ring()
        await until(lambda: seen, "the job began")
    assert seen == [1, -1]


async def test_a_queue_goes_on_after_a_deadlock(
    runtime: Runtime, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = asyncio.Event()

    async def wait(_: Runtime, number: int) -> None:
        await may_end.wait()

    monkeypatch.setitem(catalogue.CATALOGUE, "note", Task(wait, "background"))
    await enqueue(runtime, 1, 2)
    drain.ring()
    held = "SELECT count(*) = 2 FROM jobs WHERE claimed_by IS NOT NULL"
    await until(lambda: runtime.db.fetchval(held), "both begun")
    async with runtime.db.acquire() as db:
        with suppress(asyncpg.DeadlockDetectedError):  # it is the one that ends, if we are slow
            async with db.transaction():
                await db.execute("SELECT FROM jobs ORDER BY id DESC LIMIT 1 FOR UPDATE")
                may_end.set()
                await until_blocked(runtime.db)
                await db.execute("UPDATE jobs SET tries = tries")

    async def none_left() -> bool:
        drain.ring()
        return bool(await runtime.db.fetchval("SELECT count(*) = 0 FROM jobs"))

    await enqueue(runtime, 3)
    await until(none_left, "all done, also what came later")


async def test_a_failed_job_waits_and_is_given_up_in_the_end(
    runtime: Runtime, drain: Drain
) -> None:
    failures[7] = 5
    await enqueue(runtime, 7)
    for tries in (1, 2):
        await runtime.db.execute("UPDATE jobs SET run_at = now()")
        drain.ring()
        tried = f"SELECT claimed_by IS NULL AND tries >= {tries} FROM jobs"
        await until(lambda tried=tried: runtime.db.fetchval(tried), f"try {tries}")
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
    await until(lambda: seen == [1], "the job run")
    await listener.aclose()


@pytest.fixture
async def line(redis_url: str) -> AsyncIterator[Line]:
    line = Line(redis_url)
    yield line
    line.end()


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[asyncio.Task[None]]:
    """A whole worker in this process, until the end of the block."""
    task = asyncio.create_task(run.run_worker(settings))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_without_valkey_the_same_worker_works_on(
    runtime: Runtime,
    settings: Settings,
    line: Line,
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(catalogue.CATALOGUE, "note", Task(note, "background", tries=2))
    monkeypatch.setattr(run, "_SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(run, "_PAUSE_SECONDS", 0.05)
    seen.clear()
    changed = replace(settings, redis_url=await line.lay())
    line.go_down()
    async with working(changed) as task:
        await enqueue(runtime, 1)  # it begins while Valkey is away
        await until(lambda: seen == [1], "the job run without Valkey")
        line.come_up()
        await at_work(redis_url)
        line.go_down()  # and goes on when it is lost
        await enqueue(runtime, 2)
        await until(lambda: seen == [1, 2], "the next one after Valkey was lost")
        assert not task.done()


async def at_work(redis_url: str) -> None:
    """The clock goes: arq has noted that it began."""
    async with redis.Redis.from_url(redis_url) as valkey:
        await until(lambda: valkey.keys("arq:*"), "the clock")


def test_every_job_has_a_queue_with_slots() -> None:
    assert {task.queue for task in catalogue.CATALOGUE.values()} <= set(catalogue.SLOTS)


def test_mails_and_posts_wait_for_no_server_of_others() -> None:
    mails = {"send_mail", "send_reset", "mail_posts", "tell_of_terms"}
    assert set(catalogue.names_of("mail")) == mails
    assert catalogue.names_of("inbox") == ["process_activity"]
