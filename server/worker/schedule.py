"""What happens by the clock; each tick only looks, so that a missed or doubled one is harmless."""

from typing import Any

from arq.cron import CronJob, cron

from server.actions import block_lists, cleanup, prune
from server.fanout.email import mail_missed
from server.moderation.suspend import erase_due
from server.remote import verified_links
from server.runtime import Runtime
from server.store import (
    active_days,
    activity_weeks,
    archives,
    cards,
    imports,
    link_trends,
    maintenance,
    media,
    media_copies,
    trends,
)


def crons() -> list[CronJob]:
    """The crons of arq, each run by one worker of all."""
    return [
        cron(clean_up, minute={7, 27, 47}),
        cron(count_activity, minute={2, 12, 22, 32, 42, 52}, run_at_startup=True),
        cron(count_trends, minute=set(range(4, 60, 10))),
        cron(verify_links, minute={33}),
        cron(read_block_lists, minute={18}),
        cron(prune_others, hour={3}, minute={41}),
        cron(write_mails, second=30),
        cron(delete_old_posts, minute=set(range(3, 60, 5))),
    ]


async def clean_up(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 - arq's signature
    """Delete what has had its time: expired sessions and codes, old received activities…"""
    runtime: Runtime = ctx["runtime"]
    await maintenance.delete_expired(runtime.db)
    await runtime.media.delete(await media.delete_abandoned(runtime.db))
    settings = runtime.settings
    await runtime.media.delete(
        await media_copies.delete_unused(
            runtime.db, settings.media_remote_days, settings.media_remote_total_bytes
        )
    )
    await runtime.media.delete(await cards.delete_unused(runtime.db))
    await runtime.media.delete(await imports.delete_old(runtime.db))
    await runtime.media.delete(await archives.delete_old(runtime.db))
    await erase_due(runtime)


async def count_activity(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 - arq's signature
    """Count this week's activity and finish the one before; note who was here."""
    runtime: Runtime = ctx["runtime"]
    await activity_weeks.count_weeks(runtime.db, 2)
    await active_days.note_days(runtime.db)


async def count_trends(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 - arq's signature
    """Find out which links, tags and posts trend."""
    runtime: Runtime = ctx["runtime"]
    await link_trends.refresh(runtime.db)
    await trends.refresh(runtime.db)


async def verify_links(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 - arq's signature
    """Ask the pages in profile fields again, each once a week."""
    await verified_links.enqueue_due(ctx["runtime"])


async def read_block_lists(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 - arq's signature
    """Read others' lists of blocked domains, each once a day."""
    await block_lists.enqueue_due(ctx["runtime"])


async def prune_others(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 - arq's signature
    """Let go what others wrote, and who they are, that nobody here needs."""
    await prune.start_pruning(ctx["runtime"])


async def write_mails(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 - arq's signature
    """Write mails about what members missed."""
    await mail_missed(ctx["runtime"])


async def delete_old_posts(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 - arq's signature
    """Have a few old posts deleted of members who want that."""
    await cleanup.start_turn(ctx["runtime"])
