"""How many conversions run at once: each takes much memory and a processor."""

import asyncio
from functools import lru_cache


def turn(kind: str, most: int) -> asyncio.Semaphore:
    """`async with turn("images", 2):` is held by so many at once."""
    return _of(asyncio.get_running_loop(), kind, most)


@lru_cache(maxsize=32)
def _of(_: asyncio.AbstractEventLoop, kind: str, most: int) -> asyncio.Semaphore:  # noqa: ARG001
    # Each event loop has its own: who has waited for one in another loop cannot wait for it here.
    return asyncio.Semaphore(most)
