"""Every job: its name in the rows, what it calls, its queue, tries and time limit.

Queues differ in who waits for them: `fanout` is somebody looking at a screen, `inbox` another
server's post, `background` whatever can wait. Each queue has slots of its own, so that a slow one
holds up no other.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from server.runtime import Runtime

JobFunction = Callable[..., Awaitable[None]]  # (runtime, *args)

SLOTS = {"fanout": 8, "inbox": 16, "background": 8}


@dataclass(frozen=True, slots=True)
class Task:
    """A job's function and how it is run."""

    function: JobFunction
    queue: str
    tries: int = 8
    limit_seconds: float = 60.0


CATALOGUE: dict[str, Task] = {}


def names_of(queue: str) -> list[str]:
    """Names of the jobs that wait in a queue."""
    return [name for name, task in CATALOGUE.items() if task.queue == queue]


async def call(runtime: Runtime, name: str, args: list[Any]) -> None:
    """Run the job's function under its time limit. Raises what it raises, or TimeoutError."""
    task = CATALOGUE[name]
    async with asyncio.timeout(task.limit_seconds):
        await task.function(runtime, *args)
