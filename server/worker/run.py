"""The worker process: the work stands in PostgreSQL, arq keeps the time of the crons.

A bell from the bus wakes a queue within a millisecond of the commit; the sweep wakes all of them
every few seconds, so a lost bell, a Valkey that is emptied or away, or a dead worker cost seconds
and no work.
"""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID, uuid4

from arq.connections import RedisSettings, create_pool
from arq.worker import Worker
from redis.exceptions import RedisError

from server.bus import end_if_cancelled
from server.outbox.deliver import DeliveryDrain
from server.runtime import Runtime, open_runtime
from server.settings import Settings
from server.store import jobs
from server.store.database import TRY_AGAIN, leaving
from server.worker import catalogue, schedule
from server.worker.drain import Drain

log = logging.getLogger(__name__)
_SWEEP_SECONDS = 3.0
_PAUSE_SECONDS = 1.0
_STOP_SECONDS = 8.0  # for what is under way; `up` kills a worker after 15
_CLOCK_SECONDS = 2.0


class Queue(Protocol):
    """Something that empties a table when rung."""

    def ring(self) -> None:
        """Look for due work now."""

    async def run(self) -> None:
        """Work until cancelled."""


async def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; what is under way then is given back."""
    async with open_runtime(settings) as runtime:
        worker = uuid4()
        queues: dict[str, Queue] = {q: Drain(runtime, worker, q) for q in catalogue.SLOTS}
        queues["deliver"] = DeliveryDrain(runtime, worker)
        with contextlib.ExitStack() as stack:
            async with _background(
                *(queue.run() for queue in queues.values()),
                _hear_bells(runtime, queues),
                _sweep(queues),
                _stay_alive(runtime, worker),
                _keep_time(runtime),
            ):
                await _told_to_stop()
                stack.enter_context(leaving(runtime.db, _STOP_SECONDS))
            try:
                await jobs.release_claims(runtime.db, worker)
            except TRY_AGAIN as error:
                log.warning("queue: claims not given back, they run out: %s", error)


async def _told_to_stop() -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    await told.wait()


async def _keep_time(runtime: Runtime) -> None:
    """Run the crons, of all workers once: they agree over Valkey. While it is away they wait."""
    while True:
        try:
            await _run_clock(runtime)
        except (RedisError, OSError) as error:
            log.warning("clock: %s", error)
        end_if_cancelled()
        await asyncio.sleep(_PAUSE_SECONDS)


async def _run_clock(runtime: Runtime) -> None:
    pool = await create_pool(RedisSettings.from_dsn(runtime.settings.redis_url))
    clock = Worker(
        cron_jobs=schedule.crons(),
        redis_pool=pool,
        ctx={"runtime": runtime},
        handle_signals=False,
        keep_result=0,
        log_results=False,
    )
    try:
        await clock.async_run()
    finally:
        # It ends what it runs; without Valkey it fails at that, and leaves its connections. One
        # that is frozen would never answer.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOCK_SECONDS):
                await asyncio.gather(clock.close(), return_exceptions=True)
        await pool.aclose(close_connection_pool=True)


async def _sweep(queues: Mapping[str, Queue]) -> None:
    while True:
        for queue in queues.values():
            queue.ring()
        await asyncio.sleep(_SWEEP_SECONDS)


@contextlib.asynccontextmanager
async def _background(*coroutines: Any) -> Any:
    """Run these beside the block; when the block ends they are cancelled and waited for."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(coroutine) for coroutine in coroutines]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


async def _hear_bells(runtime: Runtime, queues: Mapping[str, Queue]) -> None:
    """A bell names the job that was written; after a lost connection every queue looks."""
    async for channel, _ in runtime.bus.listen("jobs:*"):
        name = channel.removeprefix("jobs:")
        task = catalogue.CATALOGUE.get(name)
        if task:
            queues[task.queue].ring()
        elif name in queues:
            queues[name].ring()
        else:
            for queue in queues.values():
                queue.ring()


async def _stay_alive(runtime: Runtime, worker: UUID) -> None:
    while True:
        await asyncio.sleep(jobs.LEASE_SECONDS / 3)
        try:
            await jobs.renew_claims(runtime.db, worker)
        except TRY_AGAIN as error:
            log.warning("queue: claims not renewed: %s", error)
