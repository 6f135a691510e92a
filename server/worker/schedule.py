"""What happens by the clock; each tick only looks, so that a missed or doubled one is harmless."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from arq.cron import CronJob, cron

from server import scratch
from server.actions import block_lists, cleanup, prune
from server.fanout.email import mail_missed
from server.moderation.suspend import erase_due
from server.remote import verified_links
from server.runtime import Runtime
from server.store import (
    active_days,
    activity_weeks,
    archives,
    imports,
    link_trends,
    maintenance,
    media,
    media_copies,
    trends,
)

log = logging.getLogger(__name__)
Tick = Callable[[Runtime], Awaitable[None]]


def crons() -> list[CronJob]:
    """The crons of arq, each run by one worker of all."""
    return [
        _cron(clean_up, minute={7, 27, 47}),
        _cron(count_activity, minute={2, 12, 22, 32, 42, 52}, run_at_startup=True),
        _cron(count_trends, minute=set(range(4, 60, 10))),
        _cron(verified_links.enqueue_due, minute={33}),  # each once a week
        _cron(block_lists.enqueue_due, minute={18}),  # each once a day
        _cron(prune.start_pruning, hour={3}, minute={41}),
        _cron(mail_missed, second=30),
        _cron(cleanup.start_turn, minute=set(range(3, 60, 5))),
    ]


def _cron(tick: Tick, **when: Any) -> CronJob:
    async def run(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 - arq's signature
        await tick(ctx["runtime"])

    return cron(run, name=f"cron:{tick.__module__}.{tick.__qualname__}", **when)


async def clean_up(runtime: Runtime) -> None:
    """Delete what has had its time: expired sessions and codes, old received activities…

    What fails holds up nothing of the rest.
    """
    db, settings = runtime.db, runtime.settings
    days, most_bytes = settings.media_remote_days, settings.media_remote_total_bytes
    steps: Sequence[Callable[[], Awaitable[Sequence[str] | None]]] = (
        partial(maintenance.delete_expired, db),
        partial(maintenance.cut_feeds, db),
        partial(media.delete_abandoned, db),
        partial(media_copies.delete_unused, db, days, most_bytes),
        partial(imports.delete_old, db),
        partial(archives.delete_old, db),
        partial(erase_due, runtime),
        partial(runtime.offload, scratch.delete_leftovers),
    )
    for step in steps:
        try:
            await runtime.media.delete(await step() or ())
        except Exception:
            log.exception("clean-up: a step failed")


async def count_activity(runtime: Runtime) -> None:
    """Count this week's activity and finish the one before; note who was here."""
    await activity_weeks.count_weeks(runtime.db, 2)
    await active_days.note_days(runtime.db)


async def count_trends(runtime: Runtime) -> None:
    """Find out which links, tags and posts trend."""
    await link_trends.refresh(runtime.db)
    await trends.refresh(runtime.db)
