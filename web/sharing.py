"""Who asks the same at the same time gets the same answer.

Nothing is kept: an answer goes only to those who had asked before its making began. So it is never
older than the question, whatever other processes wrote meanwhile and whatever the bus lost.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Sharing(Generic[T]):
    """Of each key at most one run is under way in this process, and one waits for its end."""

    def __init__(self) -> None:
        self._coming: dict[Hashable, list[asyncio.Future[T]]] = {}  # who waits for the next run
        self._runs: dict[Hashable, asyncio.Task[None]] = {}

    async def share(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """What `make` gives or raises, in one run for all who come before it begins."""
        waiting = self._coming.get(key)
        if waiting is None:
            waiting = self._coming[key] = []
            before = self._runs.get(key)
            self._runs[key] = asyncio.create_task(self._run(key, make, before))
        mine: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        waiting.append(mine)
        return await mine

    async def _run(
        self,
        key: Hashable,
        make: Callable[[], Awaitable[T]],
        before: asyncio.Task[None] | None,
    ) -> None:
        run = self._runs[key]
        if before:
            await asyncio.wait([before])
        waiting = self._coming.pop(key)
        try:
            result = await make()
        except BaseException as error:
            for future in waiting:
                if not future.done():  # one that left does not end it for the others
                    future.set_exception(error)
            if not isinstance(error, Exception):
                raise
        else:
            for future in waiting:
                if not future.done():
                    future.set_result(result)
        finally:
            if self._runs[key] is run:
                del self._runs[key]
