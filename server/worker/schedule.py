"""What happens by the clock; each tick only looks, so that a missed or doubled one is harmless."""

from typing import Any

from arq.cron import CronJob, cron

from server.runtime import Runtime
from server.store import activity_weeks, maintenance, media


def crons() -> list[CronJob]:
    """The crons of arq, each run by one worker of all."""
    return [
        cron(clean_up, minute={7, 27, 47}),
        cron(count_activity, minute={2, 12, 22, 32, 42, 52}, run_at_startup=True),
    ]


async def clean_up(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 - arq's signature
    """Delete what has had its time: expired sessions and codes, old received activities…"""
    runtime: Runtime = ctx["runtime"]
    await maintenance.delete_expired(runtime.db)
    await runtime.media.delete(await media.delete_abandoned(runtime.db))


async def count_activity(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 - arq's signature
    """Count this week's activity, and finish the one before."""
    runtime: Runtime = ctx["runtime"]
    await activity_weeks.count_weeks(runtime.db, 2)
