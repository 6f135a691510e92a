"""`wandelgang announcement …`: what the owners tell every member."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli import session

if TYPE_CHECKING:
    from server.runtime import Runtime
    from server.store.announcements import Announcement

_TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"])


@click.group(cls=session.Commands)
def announcement() -> None:
    """Announcements: add, list, remove. Times are UTC."""


@announcement.command()
@click.argument("text")
@click.option("--starts", type=_TIME, help="When what it tells of begins.")
@click.option("--ends", type=_TIME, help="When that ends, and the announcement with it.")
@click.option("--all-day", is_flag=True, help="Show days without hours.")
@click.option("--at", "publish_at", type=_TIME, help="When to publish it. [default: now]")
@session.data_option
def add(
    data: Path | None,
    text: str,
    starts: datetime | None,
    ends: datetime | None,
    all_day: bool,
    publish_at: datetime | None,
) -> None:
    """Tell every member something; prints its number."""

    async def action(runtime: "Runtime") -> int:
        from server.actions import announce

        draft = announce.Draft(text, _utc(starts), _utc(ends), all_day, _utc(publish_at))
        return await announce.add_announcement(runtime, None, draft)

    click.echo(session.run(data, action))


@announcement.command("list")
@session.data_option
def list_all(data: Path | None) -> None:
    """Print every announcement: number, when it is published, whether it is shown, its text."""

    async def action(runtime: "Runtime") -> "list[Announcement]":
        from server.store import announcements

        return await announcements.list_all(runtime.db)

    for one in session.run(data, action):
        state = "shown" if one.shown else "not shown"
        text = one.text.replace("\n", " ")
        at = f"{one.publish_at:%Y-%m-%d %H:%M}" if one.publish_at else ""
        click.echo(f"{one.id}\t{at}\t{state}\t{text}")


@announcement.command()
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
@session.data_option
def remove(data: Path | None, number: int) -> None:
    """Take an announcement away."""

    async def action(runtime: "Runtime") -> None:
        from server.actions import announce

        await announce.delete_announcement(runtime, None, number)

    session.run(data, action)


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at else None
