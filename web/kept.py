"""What was looked up lately and is kept in this process while somebody tells of changes.

The bus tells. While it is not heard nothing is kept, so a lost connection costs a query a request
and never an answer that is no longer true.
"""

import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """At most `size` values by key, each for at most a minute; the oldest make room."""

    SECONDS = 60.0

    def __init__(self, size: int) -> None:
        self.is_told = False  # whether the bus is heard now
        self._size = size
        self._changes = 0
        self._entries: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value, unless it is unknown here or too old."""
        found = self._entries.get(key)
        if found is None or found[0] < time.monotonic():
            return None
        return found[1]

    def changes(self) -> int:
        """A number for `put`, to be taken before the value is looked up."""
        return self._changes

    def put(self, key: K, value: V, changes: int) -> None:
        """Keep a value, unless something was forgotten while it was being looked up."""
        if not self.is_told or changes != self._changes:
            return
        self._entries[key] = (time.monotonic() + self.SECONDS, value)
        while len(self._entries) > self._size:
            self._entries.popitem(last=False)

    def forget(self, key: K | None = None) -> None:
        """The value of a key has changed; of all keys when none is given."""
        self._changes += 1
        if key is None:
            self._entries.clear()
        else:
            self._entries.pop(key, None)

    def hear(self, *, is_told: bool) -> None:
        """The bus is heard from now on, or no longer; what was told in between was missed."""
        self.is_told = is_told
        self.forget()
