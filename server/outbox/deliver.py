"""Deliveries: many hosts at once, few at a time for each, so that a slow host holds up no other.

What is for somebody named has a lane of its own: no fan-out is in its way, however large. What is
due is claimed in batches and signed in one go in a thread. A host that fails several times in a row
is left alone for a growing while; each delivery is tried again for about a week, to a host that
turns it away for an hour.
"""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

from federation.documents.synchronization import HEADER, Synchronization, build_header
from federation.signatures.keys import SigningKey
from federation.signatures.sign import Dialect, sign_request
from federation.transport import retry
from federation.transport.send import Answer, Outcome, post_activity
from server.identity.signing import signing_key
from server.outbox.pace import Pace, Turns
from server.runtime import Runtime
from server.store import deliveries, delivery_checks, failing_hosts
from server.store.database import TRY_AGAIN, Database, by_index
from server.store.deliveries import Delivery, Failure

log = logging.getLogger(__name__)

_NAMED_SLOTS = 256
_SLOTS = 1024
_RESERVED = 128  # of these, for what goes to few
_BATCH = 128
# Of one host so many are held, of which `Pace` says how many are under way: a fast host never waits
# for the database.
_HELD_PER_HOST = 32
_GATHER_SECONDS = 0.01
_AWAY_SECONDS = 1.0

Headers = dict[str, str]


class DeliveryDrain:
    """Empties the table of deliveries; `ring()` says that there may be work."""

    def __init__(self, runtime: Runtime, worker: UUID) -> None:
        pace, turns = Pace(), Turns()
        self._lanes = [
            _Lane(runtime, worker, pace, turns, is_for_named=is_for_named)
            for is_for_named in (True, False)
        ]

    def ring(self) -> None:
        """Look for due deliveries now."""
        for lane in self._lanes:
            lane.ring()

    async def run(self) -> None:
        """Deliver until cancelled; what is under way then is given up to a later worker."""
        async with asyncio.TaskGroup() as group:
            for lane in self._lanes:
                group.create_task(lane.run())


class _Lane:
    """Deliveries of one kind: to people who are named, or to all who follow."""

    def __init__(
        self, runtime: Runtime, worker: UUID, pace: Pace, turns: Turns, *, is_for_named: bool
    ) -> None:
        self._runtime = runtime
        self._worker = worker
        self._bell = asyncio.Event()
        self._ends = asyncio.Event()
        self._held: Counter[str] = Counter()
        self._pace = pace
        self._turns = turns
        self._is_for_named = is_for_named
        self._slots = _NAMED_SLOTS if is_for_named else _SLOTS
        self._tasks: set[asyncio.Task[None]] = set()
        self._arrived: list[Delivery] = []
        self._failed: list[Failure] = []

    def ring(self) -> None:
        """Look for due deliveries now."""
        self._bell.set()

    async def run(self) -> None:
        """Deliver until cancelled; what is under way then is given up to a later worker."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._repeat(self._bell, self._turn))
                # On its own: what has arrived is not to come again if we die while we sign.
                group.create_task(self._repeat(self._ends, self._write_off))
        finally:
            for task in self._tasks:
                task.cancel()
            with contextlib.suppress(*TRY_AGAIN):  # what was held runs out by itself
                await self._write_off()

    async def _repeat(self, event: asyncio.Event, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            await event.wait()
            event.clear()
            try:
                await step()
            except TRY_AGAIN as error:
                log.warning("deliveries: the database did not do it: %s", error)
                event.set()
                await asyncio.sleep(_AWAY_SECONDS)
            if self._tasks:
                # Ends of deliveries come in crowds: one statement for many of them.
                await asyncio.sleep(_GATHER_SECONDS)

    async def _turn(self) -> None:
        free = self._slots - len(self._tasks)
        if free <= 0:
            return
        last = 0 if self._is_for_named else 1 if free <= _RESERVED else 2
        busy = [host for host, count in self._held.items() if count >= _HELD_PER_HOST]
        busy += self._pace.resting()
        async with by_index(self._runtime.db) as db:
            claimed = await deliveries.claim_deliveries(
                db, self._worker, min(_BATCH, free), _HELD_PER_HOST, busy, (min(1, last), last)
            )
            if not claimed:
                return
            withdrawn = await delivery_checks.withdraw_unwanted(db, [d.id for d in claimed])
        claimed = [delivery for delivery in claimed if delivery.id not in withdrawn]
        keys = {d.account_id: await signing_key(self._runtime, d.account_id) for d in claimed}
        dialects = [self._runtime.http.dialects.of(d.host) for d in claimed]
        signed = await self._runtime.offload(_sign_all, claimed, keys, dialects, datetime.now(UTC))
        for delivery, dialect, headers in zip(claimed, dialects, signed, strict=True):
            self._held[delivery.host] += 1
            task = asyncio.create_task(self._deliver(delivery, dialect, headers))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._bell.set()  # perhaps there is more

    async def _write_off(self) -> None:
        """Taken off the lists only when it is committed: the database may be away.

        We may be cancelled after the commit and before we know of it: what is written again then
        changes nothing, and a host is counted in the transaction of the failure that tells of it.
        """
        arrived, failed = list(self._arrived), list(self._failed)
        if arrived:
            ids, hosts = [d.id for d in arrived], list({d.host for d in arrived})
            async with by_index(self._runtime.db) as db:
                await deliveries.finish_deliveries(db, ids, hosts)
            del self._arrived[: len(arrived)]
        if failed:
            async with by_index(self._runtime.db) as db:
                down = await deliveries.postpone_deliveries(db, self._worker, failed)
                if down:
                    await _count_failures(db, down)
            del self._failed[: len(failed)]

    async def _deliver(self, delivery: Delivery, dialect: Dialect, headers: Headers) -> None:
        try:
            async with (
                self._turns.at(delivery.inbox_url),
                self._pace.place(delivery.host) as is_well,
            ):
                answer = Answer(Outcome.LATER, "the host failed a moment ago")
                if is_well:
                    answer = await self._knock(delivery, dialect, headers)
            if answer.outcome is Outcome.ACCEPTED:
                self._arrived.append(delivery)
            else:
                self._fail(delivery, answer)
        finally:
            self._held[delivery.host] -= 1
            if not self._held[delivery.host]:
                del self._held[delivery.host]
            self._bell.set()
            self._ends.set()

    async def _knock(self, delivery: Delivery, dialect: Dialect, headers: Headers) -> Answer:
        """Deliver in the dialect of the host; in the other one when that is refused."""
        runtime, dialects, start = self._runtime, self._runtime.http.dialects, time.monotonic()
        answer = await self._post(delivery, headers)
        if dialects.may_try_other(delivery.host, answer.status):
            dialect, key = dialect.other, await signing_key(runtime, delivery.account_id)
            [headers] = await runtime.offload(
                _sign_all, [delivery], {delivery.account_id: key}, [dialect], datetime.now(UTC)
            )
            answer = await self._post(delivery, headers)
            if answer.outcome is not Outcome.ACCEPTED:
                dialects.refused(delivery.host)
        if answer.outcome is Outcome.ACCEPTED:
            dialects.worked(delivery.host, dialect)
        is_well = answer.outcome is not Outcome.DOWN
        self._pace.note(delivery.host, time.monotonic() - start, is_well=is_well)
        return answer

    async def _post(self, delivery: Delivery, headers: Headers) -> Answer:
        return await post_activity(
            self._runtime.http,
            delivery.inbox_url,
            delivery.body,
            headers | self._synchronization(delivery),
            self._runtime.settings.delivery_timeout_seconds,
            takes_back=delivery.asks == "nothing",
        )

    def _synchronization(self, delivery: Delivery) -> Headers:
        """The header by which the other side sees whether it knows the same followers."""
        if delivery.followers_digest is None:
            return {}
        addresses, account_id = self._runtime.addresses, delivery.account_id
        told = Synchronization(
            addresses.collection(account_id, "followers"),
            addresses.followers_part(account_id),
            delivery.followers_digest,
        )
        return {HEADER: build_header(told)}

    def _fail(self, delivery: Delivery, answer: Answer) -> None:
        is_refusal = answer.outcome is Outcome.TURNED_AWAY
        if answer.outcome is Outcome.REFUSED or (is_refusal and _was_refused_often(delivery)):
            pause = None
        else:
            pause = retry.next_attempt(delivery.attempts + 1)
        after = "given up" if pause is None else f"again in {pause:.0f} s"
        log.info("delivery to %s: %s, %s", delivery.inbox_url, answer.reason, after)
        is_down = answer.outcome is Outcome.DOWN
        self._failed.append(Failure(delivery.id, pause, is_refusal, is_down))


async def _count_failures(db: Database, hosts: Collection[str]) -> None:
    """Hosts that failed are counted, and left alone when they did so often."""
    failures = await failing_hosts.count_failures(db, hosts)
    pauses = {host: retry.host_pause(count) for host, count in failures.items()}
    await failing_hosts.pause_hosts(db, {host: long for host, long in pauses.items() if long})


def _was_refused_often(delivery: Delivery) -> bool:
    """Whether the next refusal is the last; what takes something back is never given up early."""
    return delivery.asks != "nothing" and delivery.refusals + 1 >= retry.MAX_REFUSALS


def _sign_all(
    claimed: Sequence[Delivery],
    keys: dict[int, SigningKey],
    dialects: Sequence[Dialect],
    now: datetime,
) -> list[Headers]:
    return [
        sign_request("POST", d.inbox_url, d.body, keys[d.account_id], now, dialect)
        for d, dialect in zip(claimed, dialects, strict=True)
    ]
