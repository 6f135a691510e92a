"""Hosts that turn us away, do not answer, or come back, and what waits for them."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Self
from uuid import uuid4

import asyncpg
import pytest

from federation.transport.retry import HOST_OPENS_AFTER, MAX_REFUSALS
from server.outbox import deliver
from server.outbox.deliver import DeliveryDrain
from server.runtime import Runtime
from server.store import deliveries, failing_hosts
from server.store.deliveries import Failure
from server.store.received import insert_received
from tests.makers import make_member, make_status
from tests.neighbour import Neighbour, neighbour
from tests.server.outbox.test_deliver import follower, followers, settle, waiting
from tests.waiting import until, until_blocked


@pytest.mark.parametrize(
    ("answer", "asks", "before", "is_given_up"),
    [
        (403, "people", MAX_REFUSALS - 2, False),
        (403, "people", MAX_REFUSALS - 1, True),
        (404, "readers", MAX_REFUSALS - 1, True),
        (403, "nothing", MAX_REFUSALS - 1, False),  # what takes something back
        (401, "people", MAX_REFUSALS - 1, False),  # perhaps it did not have our key
        (501, "people", 0, True),
    ],
)
async def test_how_often_a_host_is_asked_that_turns_us_away(
    runtime: Runtime, answer: int, asks: str, before: int, is_given_up: bool
) -> None:
    with neighbour() as home:
        await refused_once_more(runtime, home, answer, asks, before, before)
    assert await waiting(runtime) == (0 if is_given_up else 1)


async def test_a_host_that_was_down_for_long_is_not_given_up_at_its_first_refusal(
    runtime: Runtime,
) -> None:
    with neighbour() as home:
        await refused_once_more(runtime, home, 403, "people", MAX_REFUSALS + 2, 0)
    assert await waiting(runtime) == 1


async def refused_once_more(
    runtime: Runtime, home: Neighbour, answer: int, asks: str, attempts: int, refusals: int
) -> None:
    home.answers["/inbox"] = answer
    anna = await make_member(runtime)
    await follower(runtime, anna.id, home, "w")
    await make_status(runtime, anna, "hello")
    await runtime.db.execute("UPDATE outgoing SET asks = $1", asks)
    before = "UPDATE deliveries SET attempts = $1, refusals = $2"
    await runtime.db.execute(before, attempts, refusals)

    async def tried() -> bool:
        now = await runtime.db.fetchval("SELECT attempts FROM deliveries")
        return now in {None, attempts + 1}

    await settle(runtime, tried)


async def test_a_failure_that_is_written_again_counts_once(runtime: Runtime) -> None:
    """As by who is told to stop after the commit and before the answer to it."""
    ours, theirs = uuid4(), uuid4()
    anna = await make_member(runtime)
    await follower(runtime, anna.id, Neighbour(1), "d")
    await make_status(runtime, anna, "hello")
    [claimed] = await deliveries.claim_deliveries(runtime.db, ours, 10, 10, [])
    failures = [Failure(claimed.id, 0.0, is_down=True)]
    down = [await deliveries.postpone_deliveries(runtime.db, ours, failures) for _ in range(2)]
    assert down == [{claimed.host}, set()]
    [again] = await deliveries.claim_deliveries(runtime.db, theirs, 10, 10, [])
    assert (again.id, again.attempts) == (claimed.id, 1)
    given_up = replace(failures[0], pause_seconds=None)
    assert await deliveries.postpone_deliveries(runtime.db, ours, [*failures, given_up]) == set()
    assert await runtime.db.fetchval("SELECT claimed_by FROM deliveries") == theirs


async def test_a_lane_goes_on_after_a_deadlock(runtime: Runtime) -> None:
    dead = Neighbour(1)
    anna = await make_member(runtime)
    await follower(runtime, anna.id, dead, "d")
    await make_status(runtime, anna, "hello")
    await failing_hosts.count_failures(runtime.db, {dead.domain})
    drain = DeliveryDrain(runtime, uuid4())
    running = asyncio.create_task(drain.run())
    async with runtime.db.acquire() as db:
        with suppress(asyncpg.DeadlockDetectedError):  # it is the one that ends, if we are slow
            async with db.transaction():
                await db.execute("SELECT FROM hosts FOR UPDATE")
                drain.ring()
                await until_blocked(runtime.db)
                await db.execute("UPDATE deliveries SET attempts = attempts")
    counted = "SELECT failures = 2 FROM hosts"
    await until(lambda: running.done() or runtime.db.fetchval(counted), "the failure counted")
    assert not running.done()
    running.cancel()
    await asyncio.wait([running])


class Ahead(datetime):
    """The clock of a worker that is two days ahead of that of the database."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) + timedelta(days=2)


async def test_a_worker_whose_clock_is_ahead_tries_again_no_later(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "datetime", Ahead)
    anna = await make_member(runtime)
    with neighbour() as gone:
        await follower(runtime, anna.id, gone, "w")
    await make_status(runtime, anna, "hello")

    async def tried() -> bool:
        return bool(await runtime.db.fetchval("SELECT attempts > 0 FROM deliveries"))

    await settle(runtime, tried)
    soon = "SELECT next_at < now() + interval '1 hour' FROM deliveries"
    assert await runtime.db.fetchval(soon)


async def test_what_waits_for_a_paused_host_is_put_off_with_it(runtime: Runtime) -> None:
    with neighbour() as well:
        anna = await make_member(runtime)
        await followers(runtime, anna, well, 20)
        await make_status(runtime, anna, "hello")
        await failing_hosts.count_failures(runtime.db, {well.domain})
        await failing_hosts.pause_hosts(runtime.db, {well.domain: 3600.0})
        due = "SELECT count(*) FROM deliveries WHERE next_at <= now()"
        assert await runtime.db.fetchval(due) == 0
        await make_status(runtime, anna, "hello again")
        assert await runtime.db.fetchval(due) == 20
        assert await deliveries.claim_deliveries(runtime.db, uuid4(), 100, 100, []) == []
        paused = "SELECT count(*) FROM deliveries WHERE next_at = (SELECT paused_until FROM hosts)"
        assert await runtime.db.fetchval(paused) == 40


async def test_a_host_that_speaks_again_is_tried_and_then_has_all_that_waits(
    runtime: Runtime,
) -> None:
    async def hear() -> None:
        body = b"{}"
        await insert_received(runtime.db, "https://x.example/1", None, "Undo", body, None, host)

    async def probed() -> list[int]:
        rows = await runtime.db.fetch(
            "SELECT attempts FROM deliveries WHERE next_at <= now() ORDER BY id"
        )
        return [row["attempts"] for row in rows]

    with neighbour() as away:
        host = away.domain
        anna = await make_member(runtime)
        await follower(runtime, anna.id, away, "w")
        for number in range(3):
            await make_status(runtime, anna, f"number {number}")
        await runtime.db.execute("UPDATE deliveries SET attempts = 6")
        for _ in range(HOST_OPENS_AFTER):
            await failing_hosts.count_failures(runtime.db, {host})
        await failing_hosts.pause_hosts(runtime.db, {host: 3600.0})
        await hear()
        assert await probed() == []  # it failed a moment ago
        await runtime.db.execute("UPDATE hosts SET seen_at = now() - interval '2 minutes'")
        await hear()
        await hear()
        assert await probed() == [5]

        async def done() -> bool:
            return await waiting(runtime) == 0

        await settle(runtime, done)
        assert len(away.received) == 3
