"""`wandelgang blocklist …`: others' lists of blocked domains, and what moderators make of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli import session
from server.cli.lines import one_line

if TYPE_CHECKING:
    from server.runtime import Runtime
    from server.store.block_lists import BlockList, Draft

_MOST = 50_000
_number = click.argument("number", type=click.IntRange(1, 2**31 - 1))


@click.group(cls=session.Commands)
def blocklist() -> None:
    """Others' lists of blocked domains: add, list, remove, drafts, accept, decline.

    A list is read daily; what it says and you do not becomes a draft. Nothing is blocked before
    you accept it.
    """


@blocklist.command()
@click.argument("url")
@session.data_option
def add(data: Path | None, url: str) -> None:
    """Read the CSV at that address now and every day, and print the list's number."""

    async def action(runtime: "Runtime") -> tuple[int, str | None]:
        from server.actions import block_lists as actions
        from server.store import block_lists

        list_id = await actions.subscribe(runtime, url)
        await actions.read_list_job(runtime, list_id)
        lists = await block_lists.list_lists(runtime.db)
        return list_id, next((one.error for one in lists if one.id == list_id), None)

    list_id, error = session.run(data, action)
    click.echo(list_id)
    if error:
        click.echo(f"It cannot be read now: {error}", err=True)


@blocklist.command("list")
@session.data_option
def list_all(data: Path | None) -> None:
    """Print every list: number, address, when it was read, undecided drafts, problem."""

    async def action(runtime: "Runtime") -> "list[BlockList]":
        from server.store import block_lists

        return await block_lists.list_lists(runtime.db)

    for one in session.run(data, action):
        at = one.checked_at.isoformat(timespec="minutes") if one.checked_at else ""
        click.echo(one_line(f"{one.id}\t{one.url}\t{at}\t{one.open}\t{one.error or ''}"))


@blocklist.command()
@_number
@session.data_option
def remove(data: Path | None, number: int) -> None:
    """Read a list no more; what is blocked stays blocked."""

    async def action(runtime: "Runtime") -> None:
        from server.actions import block_lists

        await block_lists.unsubscribe(runtime, number)

    session.run(data, action)


@blocklist.command()
@session.data_option
def drafts(data: Path | None) -> None:
    """Print what is to be decided: number, what, domain, severity, follows that it ends, why."""

    async def action(runtime: "Runtime") -> "list[Draft]":
        from server.store import block_lists

        return await block_lists.list_open(runtime.db, _MOST)

    for one in session.run(data, action):
        words = (one.id, one.action, one.domain, one.rule.severity, one.follows)
        click.echo(one_line("\t".join(map(str, (*words, one.rule.public_comment or "")))))


@blocklist.command()
@click.argument("numbers", type=int, nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="Every draft that there is now.")
@session.data_option
def accept(data: Path | None, numbers: Sequence[int], is_all: bool) -> None:
    """Do what drafts say."""
    _decide(data, numbers, is_all=is_all, accepts=True)


@blocklist.command()
@click.argument("numbers", type=int, nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="Every draft that there is now.")
@session.data_option
def decline(data: Path | None, numbers: Sequence[int], is_all: bool) -> None:
    """Leave things as they are; the same is not asked again."""
    _decide(data, numbers, is_all=is_all, accepts=False)


def _decide(data: Path | None, numbers: Sequence[int], *, is_all: bool, accepts: bool) -> None:
    async def action(runtime: "Runtime") -> "list[Draft]":
        from server.actions import block_lists as actions
        from server.store import block_lists

        ids = numbers
        if is_all:
            ids = [draft.id for draft in await block_lists.list_open(runtime.db, _MOST)]
        if accepts:
            return await actions.accept(runtime, None, ids)
        return await actions.decline(runtime, ids)

    for draft in session.run(data, action):
        click.echo(f"{draft.action}\t{draft.domain}\t{draft.rule.severity}")
