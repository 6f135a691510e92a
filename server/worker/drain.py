"""Empties one queue of the jobs table, as wide as its slots, for as long as the worker lives."""

import asyncio
import contextlib
import logging
import random
from uuid import UUID

from server.runtime import Runtime
from server.store import jobs
from server.store.database import TRY_AGAIN
from server.worker import catalogue

log = logging.getLogger(__name__)
_LONGEST_PAUSE_SECONDS = 3600.0
_GATHER_SECONDS = 0.005
_END_SECONDS = 5.0  # for a job that is told to end


class Drain:
    """`ring()` says that there may be work; nothing is lost when a ring is."""

    def __init__(self, runtime: Runtime, worker: UUID, queue: str) -> None:
        self._runtime = runtime
        self._worker = worker
        self._names = catalogue.names_of(queue)
        self._slots = catalogue.SLOTS[queue]
        self._bell = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._done: list[int] = []

    def ring(self) -> None:
        """Look for due jobs now."""
        self._bell.set()

    async def run(self) -> None:
        """Claim and run until cancelled; then the jobs under way are ended too, and what is done is
        written off: a mail that was sent is not sent again.
        """
        try:
            while True:
                await self._bell.wait()
                self._bell.clear()
                try:
                    await self._turn()
                except TRY_AGAIN as error:
                    log.warning("queue: the database did not do it: %s", error)
                if self._running:
                    # Ends and bells come in crowds: one statement for many of them.
                    await asyncio.sleep(_GATHER_SECONDS)
        finally:
            await self._end_jobs()
            with contextlib.suppress(*TRY_AGAIN):
                await self._write_off()

    async def _turn(self) -> None:
        """Write off what is done and fill the free slots."""
        await self._write_off()
        free = self._slots - len(self._running)
        if free <= 0:
            return
        claimed = await jobs.claim_jobs(self._runtime.db, self._worker, self._names, free)
        for job in claimed:
            task = asyncio.create_task(self._run_job(job), name=f"{job.name} {job.id}")
            self._running.add(task)
            task.add_done_callback(self._finished)

    async def _end_jobs(self) -> None:
        """Nobody else takes one up while it still takes back what it began."""
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=_END_SECONDS)

    async def _write_off(self) -> None:
        if self._done:
            done = list(self._done)
            await jobs.delete_jobs(self._runtime.db, done)
            del self._done[: len(done)]

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._bell.set()

    async def _run_job(self, job: jobs.Job) -> None:
        try:
            await catalogue.call(self._runtime, job.name, job.args)
        except Exception as error:  # noqa: BLE001 - a job may fail in any way; it is tried again
            await self._put_back_when_possible(job, error)
        else:
            self._done.append(job.id)

    async def _put_back_when_possible(self, job: jobs.Job, error: Exception) -> None:
        """A job that is neither done nor put back would be ours for as long as we live."""
        while True:
            try:
                await self._put_back(job, error)
            except TRY_AGAIN:
                await asyncio.sleep(1)
            else:
                return

    async def _put_back(self, job: jobs.Job, error: Exception) -> None:
        text = f"{type(error).__name__}: {error}"
        if job.tries >= catalogue.CATALOGUE[job.name].tries:
            log.error("job %s %s given up: %s", job.name, job.args, text, exc_info=error)
            await jobs.fail_job(self._runtime.db, self._worker, job.id, text)
            return
        pause = min(_LONGEST_PAUSE_SECONDS, 2.0**job.tries) * random.uniform(0.8, 1.2)  # noqa: S311
        log.warning("job %s %s again in %.0f s: %s", job.name, job.args, pause, text)
        await jobs.postpone_job(self._runtime.db, self._worker, job.id, pause, text)
