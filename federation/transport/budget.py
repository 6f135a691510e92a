"""How much is taken from others, and asked of them, within five minutes.

Names below a domain that somebody has registered cost nothing, so that limits for a host alone are
none for who owns `*.evil.example`: these are counted together.
"""

import time
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

from federation.transport.safety import literal_address

WINDOW_SECONDS = 300
_MOST_NAMES = 100_000


class Budget:
    """Counts in this process by kind and name; `most` says how many of a kind, 0 is any number."""

    def __init__(
        self, most: Mapping[str, int], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._clock = clock
        self._window = 0
        self._counts: dict[tuple[str, str], int] = {}

    def take(self, cost: int = 1, /, **names: str) -> str | None:
        """Count so many for each name, by its kind; None when all have had less than their part.

        Else it gives the first that had all of it, and counts for none: one actor who sends too
        much leaves its neighbours theirs.
        """
        window = int(self._clock() // WINDOW_SECONDS)
        if window != self._window or len(self._counts) > _MOST_NAMES:
            self._window, self._counts = window, {}
        for kind, name in names.items():
            if 0 < self._most[kind] <= self._counts.get((kind, name), 0):
                return name
        for key in names.items():
            self._counts[key] = self._counts.get(key, 0) + cost
        return None

    def seconds_left(self) -> int:
        """Until all begins anew."""
        return WINDOW_SECONDS - int(self._clock() % WINDOW_SECONDS)


@lru_cache(maxsize=10_000)
def registrable(authority: str) -> str:
    """The domain that somebody registered to have this host; a host of no such domain is itself.

    By the public suffix list, which ships with its library.
    """
    host = authority.rpartition(":")[0] if authority[-1:].isdigit() and ":" in authority else ""
    host = (host or authority).lower()
    if literal_address(host):
        return host
    return _suffixes().privatesuffix(host) or host


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
