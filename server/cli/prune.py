"""`wandelgang prune …`: what others sent and nobody here needs, now instead of by the clock."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from server.cli import session

if TYPE_CHECKING:
    from server.actions.prune import Kind
    from server.runtime import Runtime

_DAYS: dict[str, Any] = {
    "type": click.IntRange(0, 36_500),
    "show_default": True,
    "help": "What is younger stays.",
}
_dry_option = click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")


@click.group(cls=session.Commands)
def prune() -> None:
    """Delete what others sent and nobody here needs: statuses, accounts, media, cards."""


@prune.command()
@click.option("--days", default=90, **_DAYS)
@click.option("--followed", is_flag=True, help="Also posts by whom members follow.")
@_dry_option
@session.data_option
def statuses(data: Path | None, days: int, followed: bool, dry_run: bool) -> None:
    """Posts of others with which nobody here has anything to do."""

    async def action(runtime: "Runtime") -> int:
        from dataclasses import replace

        from server.actions.prune import KINDS
        from server.store import pruning

        kind = KINDS["statuses"]
        look = partial(pruning.look_at_statuses, even_followed=followed)
        total = await pruning.count_statuses(runtime.db, days)
        return await _walk(runtime, replace(kind, look=look), days, "Posts", total, is_dry=dry_run)

    _say(session.run(data, action), "posts", is_dry=dry_run)


@prune.command()
@click.option("--days", default=90, **_DAYS)
@_dry_option
@session.data_option
def accounts(data: Path | None, days: int, dry_run: bool) -> None:
    """Accounts of others of which nothing is here."""

    async def action(runtime: "Runtime") -> int:
        from server.actions.prune import KINDS
        from server.store import pruning

        total = await pruning.count_accounts(runtime.db)
        kind = KINDS["accounts"]
        return await _walk(runtime, kind, days, "Accounts", total, is_dry=dry_run)

    _say(session.run(data, action), "accounts", is_dry=dry_run)


@prune.command()
@click.option("--days", default=7, **_DAYS)
@_dry_option
@session.data_option
def media(data: Path | None, days: int, dry_run: bool) -> None:
    """Copies of others' files at which nobody looked; they are fetched again when somebody does."""

    async def action(runtime: "Runtime") -> int:
        from server.store import media_copies

        count = await media_copies.count_unused(runtime.db, days)
        if dry_run:
            return count
        with click.progressbar(length=count, label="Copies", file=sys.stderr) as bar:
            most = runtime.settings.media_remote_total_bytes
            while left := await media_copies.count_unused(runtime.db, days):
                bar.update(count - left - bar.pos)
                files = await media_copies.delete_unused(runtime.db, days, most)
                await runtime.media.delete(files)
        return count

    _say(session.run(data, action), "copies", is_dry=dry_run)


@prune.command()
@click.option("--days", default=180, **_DAYS)
@_dry_option
@session.data_option
def cards(data: Path | None, days: int, dry_run: bool) -> None:
    """Pictures of link previews; the previews stay."""

    async def action(runtime: "Runtime") -> int:
        from server.store import cards as store

        count = await store.count_pictures(runtime.db, days)
        if dry_run:
            return count
        with click.progressbar(length=count, label="Pictures", file=sys.stderr) as bar:
            while files := await store.drop_pictures(runtime.db, days):
                await runtime.media.delete(files)
                bar.update(len(files))
        return count

    _say(session.run(data, action), "pictures", is_dry=dry_run)


async def _walk(
    runtime: "Runtime", kind: "Kind", days: int, label: str, total: int, *, is_dry: bool
) -> int:
    from server.actions.prune import prune as walk

    gone = 0
    with click.progressbar(length=total, label=label, file=sys.stderr) as bar:
        async for batch in walk(runtime, kind, days, is_dry=is_dry):
            gone += batch.gone
            bar.update(batch.looked)
    return gone


def _say(count: int, what: str, *, is_dry: bool) -> None:
    click.echo(f"{count} {what} {'would go' if is_dry else 'deleted'}")
