"""`wandelgang relay …`: relays, which pass public posts on between servers."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli import session

if TYPE_CHECKING:
    from server.runtime import Runtime
    from server.store.relays import Relay


@click.group(cls=session.Commands)
def relay() -> None:
    """Relays: add, list, remove."""


@relay.command()
@click.argument("address")
@session.data_option
def add(data: Path | None, address: str) -> None:
    """Subscribe: https://…/inbox of a relay of Mastodon's kind, or the actor of a LitePub one."""

    async def action(runtime: "Runtime") -> str:
        from server.actions import relays

        return await relays.subscribe(runtime, None, address)

    style = session.run(data, action)
    click.echo(f"{address}\t{style}\tpending")


@relay.command("list")
@session.data_option
def list_all(data: Path | None) -> None:
    """Print address, kind and state of each relay."""

    async def action(runtime: "Runtime") -> "list[Relay]":
        from server.store import relays

        return await relays.list_relays(runtime.db)

    for one in session.run(data, action):
        click.echo(f"{one.address}\t{one.style}\t{one.state}")


@relay.command()
@click.argument("address")
@session.data_option
def remove(data: Path | None, address: str) -> None:
    """Leave a relay."""

    async def action(runtime: "Runtime") -> None:
        from server.actions import relays

        await relays.unsubscribe(runtime, None, address)

    session.run(data, action)
