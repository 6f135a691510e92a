"""What others wrote, and who they are, goes when nobody here has anything to do with it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from server.runtime import Runtime
from server.settings import Settings
from server.store import cards, pruning
from server.store.database import Connection
from server.store.pruning import Looked, Table

START = 2**63 - 1
_AT_ONCE = 200
_BATCHES_OF_A_JOB = 10
_PAUSE = timedelta(seconds=5)  # after each job: others want the database too


class Look(Protocol):
    """Gives the next rows before a place."""

    async def __call__(self, db: Connection, before: int, most: int, days: int) -> list[Looked]:
        """The youngest first."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be pruned, and the days that the worker keeps it (0: for ever). `delete` gives the
    files that go with it.
    """

    table: Table
    look: Look
    delete: Callable[[Connection, Sequence[int]], Awaitable[Sequence[str]]]
    days: Callable[[Settings], int]


KINDS = {
    "statuses": Kind(
        "statuses",
        pruning.look_at_statuses,
        pruning.delete_statuses,
        lambda s: s.statuses_remote_days,
    ),
    "accounts": Kind(
        "accounts",
        pruning.look_at_accounts,
        pruning.delete_accounts,
        lambda s: s.accounts_remote_days,
    ),
    "cards": Kind("cards", pruning.look_at_cards, cards.delete_cards, lambda _: 1),
}


@dataclass(frozen=True, slots=True)
class Batch:
    """Where the walk is, how many rows were looked at, and how many of them go."""

    place: int
    looked: int
    gone: int


async def prune(
    runtime: Runtime, kind: Kind, days: int, *, place: int = START, is_dry: bool = False
) -> AsyncIterator[Batch]:
    """Delete what is older than that and nobody needs, batch by batch; look at it alone if dry."""
    while True:
        files: Sequence[str] = ()
        async with runtime.transaction() as tx:
            looked = await kind.look(tx.db, place, _AT_ONCE, days)
            free = [one.id for one in looked if one.is_free]
            if free and not is_dry:
                # Looked at again when nobody can change it any more.
                held = await pruning.hold(tx.db, kind.table, free)
                again = await kind.look(tx.db, place, _AT_ONCE, days)
                free = [one.id for one in again if one.is_free and one.id in held]
                files = await kind.delete(tx.db, free)
        if not looked:
            return
        await runtime.media.delete(files)
        place = looked[-1].id
        yield Batch(place, len(looked), len(free))


async def start_pruning(runtime: Runtime) -> None:
    """Have the worker prune what the settings do not keep for ever; to be called once a day."""
    async with runtime.transaction() as tx:
        for name, kind in KINDS.items():
            if kind.days(runtime.settings):
                tx.enqueue("prune", name, START, once_key=f"prune {name}")


async def prune_job(runtime: Runtime, name: str, place: int) -> None:
    """Job: a few batches; the next ones a little later, and no second walk beside this one."""
    kind, batches = KINDS[name], 0
    days = kind.days(runtime.settings)
    if not days:
        return
    async for batch in prune(runtime, kind, days, place=place):
        batches += 1
        if batches == _BATCHES_OF_A_JOB:
            async with runtime.transaction() as tx:
                tx.enqueue(
                    "prune",
                    name,
                    batch.place,
                    run_at=datetime.now(UTC) + _PAUSE,
                    once_key=f"prune {name}",
                )
            return
