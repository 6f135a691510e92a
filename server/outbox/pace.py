"""How many deliveries may be under way to a host: one until it answers, then more and more.

A host that is slow or dead so takes up one connection, not eight, and what waits behind a delivery
that failed is not tried in vain.
"""

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_MOST_AT_ONCE = 8
_QUICK_SECONDS = 1.0
_REST_SECONDS = 30.0  # after a failure
_REMEMBERED = 10_000


@dataclass(slots=True)
class _Host:
    allowed: int = 1
    under_way: int = 0
    rests_until: float = 0.0  # on the monotonic clock
    waiting: asyncio.Condition = field(default_factory=asyncio.Condition)
    users: int = 0


class Turns:
    """An inbox hears things in their order: no Delete before its Create, no Undo before its Follow.

    Who comes first, is let in first.
    """

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: Counter[str] = Counter()

    @asynccontextmanager
    async def at(self, inbox: str) -> AsyncIterator[None]:
        """Wait for one's turn at an inbox."""
        self._users[inbox] += 1
        try:
            async with self._locks.setdefault(inbox, asyncio.Lock()):
                yield
        finally:
            self._users[inbox] -= 1
            if not self._users[inbox]:
                del self._users[inbox], self._locks[inbox]


class Pace:
    """The hosts that this process delivers to; the ones of long ago are forgotten."""

    def __init__(self) -> None:
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    @asynccontextmanager
    async def place(self, host: str) -> AsyncIterator[bool]:
        """Wait for one's turn with a host; False: it failed a moment ago, better not try."""
        state = self._hosts.setdefault(host, _Host())
        self._hosts.move_to_end(host)
        state.users += 1
        try:
            async with state.waiting:
                await state.waiting.wait_for(lambda: state.under_way < state.allowed)
                state.under_way += 1
            try:
                yield state.rests_until < time.monotonic()
            finally:
                async with state.waiting:
                    state.under_way -= 1
                    state.waiting.notify_all()
        finally:
            state.users -= 1
            self._forget()

    def note(self, host: str, seconds: float, *, is_well: bool) -> None:
        """What came of a delivery: a quick host gets one more at a time, a failing one rests."""
        state = self._hosts.get(host)
        if state is None:
            return
        if not is_well:
            state.allowed, state.rests_until = 1, time.monotonic() + _REST_SECONDS
        elif seconds < _QUICK_SECONDS:
            state.allowed = min(_MOST_AT_ONCE, state.allowed + 1)
        else:
            state.allowed = 1

    def resting(self) -> list[str]:
        """Hosts that failed a moment ago: what waits for them need not be signed in vain."""
        now = time.monotonic()
        return [host for host, state in self._hosts.items() if state.rests_until > now]

    def _forget(self) -> None:
        while len(self._hosts) > _REMEMBERED:
            host, state = next(iter(self._hosts.items()))
            if state.users:
                return
            del self._hosts[host]
