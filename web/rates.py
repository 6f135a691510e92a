"""How many requests each may make, as Mastodon counts them.

https://docs.joinmastodon.org/api/rate-limits/

Each process counts by itself and exchanges sums with the others over Valkey once a second, so that
no request waits for it. Without Valkey nobody is refused.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from server import errors
from server.bus import Bus
from server.identity.attempts import network_of
from web.request import Request

_EXCHANGE_SECONDS = 1.0
_MOST_COUNTS = 100_000
_PAGING = (b"max_id=", b"min_id=", b"since_id=", b"page=")


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many in so many seconds; windows are aligned to the epoch."""

    name: str
    most: int
    seconds: int


TOKEN = Rate("token", 300, 300)
USER = Rate("user", 1500, 300)
STRANGER = Rate("stranger", 300, 300)
MEDIA = Rate("media", 30, 1800)
DELETES = Rate("deletes", 30, 1800)
SIGN_UPS = Rate("sign-ups", 5, 1800)
PAGING = Rate("paging", 300, 900)
VISITS = Rate("visits", 30, 300)  # forms that make us ask other servers

# What is limited beside the number of requests, by method and path as the routes write it.
_SPECIAL = {
    ("POST", "/api/v1/media"): MEDIA,
    ("POST", "/api/v2/media"): MEDIA,
    ("DELETE", "/api/v1/statuses/{id}"): DELETES,
    ("POST", "/api/v1/statuses/{id}/unreblog"): DELETES,
    ("POST", "/api/v1/accounts"): SIGN_UPS,
}

Key = tuple[str, str, int]  # limit, whom it counts, window


@dataclass(slots=True)
class _Count:
    """`sum` of all processes as far as known; `unsent` is the part that only we know of."""

    sum: int = 0
    unsent: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands with the limit that is nearest to its end; `reset` in epoch seconds."""

    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """As Mastodon says it, on every answer of the API."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.remaining)),
            "X-RateLimit-Reset": _time(self.reset),
        }


class Rates:
    """The counts of this process; with a factor of 0 nothing is counted."""

    def __init__(self, bus: Bus, factor: float) -> None:
        self._bus = bus
        self._factor = factor
        self._counts: dict[Key, _Count] = {}
        self._changed: set[Key] = set()
        self._is_shared = True

    @property
    def is_on(self) -> bool:
        """Whether there are limits at all."""
        return self._factor > 0

    def count(self, request: Request, path: str) -> Standing:
        """Count a request at a place of the routes. Raises TooMany; `scope["standing"]` is set."""
        standing = self.take(_subjects(request, path))
        request.scope["standings"].append(standing)
        if standing.remaining < 0 and self._is_shared:
            raise errors.TooMany(retry_after_seconds=max(1, standing.reset - int(time.time())))
        return standing

    def count_visitor(self, request: Request) -> None:
        """Count a form by which a stranger makes us ask another server. Raises TooMany."""
        host = request.client.host if request.client else ""
        standing = self.take([(VISITS, network_of(host))]) if self.is_on else None
        if standing and standing.remaining < 0 and self._is_shared:
            raise errors.TooMany(retry_after_seconds=max(1, standing.reset - int(time.time())))

    def take(self, subjects: Sequence[tuple[Rate, str]]) -> Standing:
        """Count one for each; how the one stands that has the least left."""
        now, found = int(time.time()), []
        for limit, subject in subjects:
            window = now // limit.seconds
            key = (limit.name, subject, window)
            count = self._counts.get(key) or self._begin(key)
            count.sum += 1
            count.unsent += 1
            self._changed.add(key)
            most = max(1, int(limit.most * self._factor))
            found.append(Standing(most, most - count.sum, (window + 1) * limit.seconds))
        return min(found, key=lambda standing: standing.remaining)

    async def run(self) -> None:
        """Exchange counts with the other processes until cancelled."""
        while True:
            await asyncio.sleep(_EXCHANGE_SECONDS)
            await self.exchange()

    async def exchange(self) -> None:
        """Tell what we counted and learn the sums, in one round trip."""
        keys, self._changed = list(self._changed), set()
        sent = [(key, self._counts[key].unsent) for key in keys if key in self._counts]
        if sent:
            sums = await self._bus.add_counts(
                [(_name(key), unsent, _SECONDS[key[0]]) for key, unsent in sent]
            )
            self._is_shared = sums is not None
            if sums is None:
                self._changed |= {key for key, _ in sent}
            for (key, unsent), total in zip(sent, sums or (), strict=False):
                if count := self._counts.get(key):
                    count.unsent -= unsent
                    count.sum = total + count.unsent
        now = int(time.time())
        self._counts = {
            key: count for key, count in self._counts.items() if now // _SECONDS[key[0]] == key[2]
        }

    def _begin(self, key: Key) -> _Count:
        while len(self._counts) >= _MOST_COUNTS:
            del self._counts[next(iter(self._counts))]
        self._counts[key] = count = _Count()
        return count


_SECONDS = {
    limit.name: limit.seconds
    for limit in (TOKEN, USER, STRANGER, MEDIA, DELETES, SIGN_UPS, PAGING, VISITS)
}


def _name(key: Key) -> str:
    return f"rates:{key[0]}:{key[1]}:{key[2]}"


def _subjects(request: Request, path: str) -> list[tuple[Rate, str]]:
    """What a request counts for, and whom."""
    token = request.token
    address = network_of(request.ip)
    if token is None:
        who, subjects = address, [(STRANGER, address)]
    else:
        who = str(token.account_id or f"token {token.id}")
        subjects = [(TOKEN, str(token.id))]
        if token.account_id:
            subjects.append((USER, who))
    special = _SPECIAL.get((request.method, path))
    if special:
        subjects.append((special, address if special is SIGN_UPS else who))
    if any(mark in request.scope["query_string"] for mark in _PAGING):
        subjects.append((PAGING, who))
    return subjects


@lru_cache(maxsize=64)
def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
