"""The worker process: arq keeps the time (crons, sweeps, signals), the work stands in PostgreSQL.

A bell from the bus wakes a queue within a millisecond of the commit; the sweep wakes all of them
every few seconds, so a lost bell, an emptied Valkey or a dead worker cost seconds and no work.
"""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID, uuid4

from arq.connections import RedisSettings
from arq.cron import cron
from arq.worker import Worker

from server.outbox.deliver import DeliveryDrain
from server.runtime import Runtime, open_runtime
from server.settings import Settings
from server.store import jobs
from server.store.database import AWAY
from server.worker import catalogue, schedule
from server.worker.drain import Drain

log = logging.getLogger(__name__)
_EVERY_FEW_SECONDS = set(range(0, 60, 3))


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
        async with _background(
            *(queue.run() for queue in queues.values()),
            _hear_bells(runtime, queues),
            _stay_alive(runtime, worker),
        ):
            with contextlib.suppress(asyncio.CancelledError):
                await _arq_worker(runtime, queues).async_run()
        await jobs.release_claims(runtime.db, worker)


def _arq_worker(runtime: Runtime, queues: Mapping[str, Queue]) -> Worker:
    async def sweep(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 - arq's signature
        for queue in queues.values():
            queue.ring()

    return Worker(
        cron_jobs=[
            cron(sweep, second=_EVERY_FEW_SECONDS, run_at_startup=True, unique=False),
            *schedule.crons(),
        ],
        redis_settings=RedisSettings.from_dsn(runtime.settings.redis_url),
        ctx={"runtime": runtime},
        keep_result=0,
        log_results=False,
    )


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
        except AWAY as error:
            log.warning("queue: claims not renewed: %s", error)
