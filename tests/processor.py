"""How long something may take, on a processor of any speed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

# What a usual processor of these years takes for a loop that does nothing.
_STEPS, _USUAL_SECONDS = 1_000_000, 0.015


@contextmanager
def takes_less_than(seconds: float) -> Iterator[None]:
    """The block takes fewer seconds of a usual processor; a slower one has more for it."""
    slowness = _slowness()
    start = time.process_time()
    yield
    taken = time.process_time() - start
    limit = seconds * max(1.0, slowness, _slowness())
    assert taken < limit, f"{taken:.1f} s of {limit:.1f}"


def _slowness() -> float:
    start = time.process_time()
    for _ in range(_STEPS):
        pass
    return (time.process_time() - start) / _USUAL_SECONDS
