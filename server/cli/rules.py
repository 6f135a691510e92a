"""`wandelgang rule …`: what holds on this instance."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli import session

if TYPE_CHECKING:
    from server.runtime import Runtime
    from server.store.rules import Rule


@click.group(cls=session.Commands)
def rule() -> None:
    """Rules: add, list, translate, move, remove."""


@rule.command()
@click.argument("text")
@click.option("--hint", default="", help="A sentence that explains it.")
@session.data_option
def add(data: Path | None, text: str, hint: str) -> None:
    """Add a rule at the end and print its number."""

    async def action(runtime: "Runtime") -> int:
        from server.actions import rules

        return await rules.add_rule(runtime, None, rules.Words(text, hint))

    click.echo(session.run(data, action))


@rule.command("list")
@session.data_option
def list_all(data: Path | None) -> None:
    """Print every rule: number, text, hint, and the languages of its translations."""

    async def action(runtime: "Runtime") -> "list[Rule]":
        from server.store import rules

        return await rules.list_rules(runtime.db)

    for one in session.run(data, action):
        click.echo(f"{one.id}\t{one.text}\t{one.hint}\t{' '.join(sorted(one.translations))}")


@rule.command()
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
@click.argument("language")
@click.argument("text")
@click.option("--hint", default="")
@session.data_option
def translate(data: Path | None, number: int, language: str, text: str, hint: str) -> None:
    """Say a rule in another language, like: rule translate 1 nl "Wees aardig"."""

    async def action(runtime: "Runtime") -> None:
        from server.actions import rules

        await rules.translate_rule(runtime, None, number, language, rules.Words(text, hint))

    session.run(data, action)


@rule.command()
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
@click.argument("place", type=click.IntRange(1, 2**31 - 1))
@session.data_option
def move(data: Path | None, number: int, place: int) -> None:
    """Put a rule at another place; 1 is the first."""

    async def action(runtime: "Runtime") -> None:
        from server.actions import rules

        await rules.move_rule(runtime, None, number, place)

    session.run(data, action)


@rule.command()
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
@session.data_option
def remove(data: Path | None, number: int) -> None:
    """Take a rule away."""

    async def action(runtime: "Runtime") -> None:
        from server.actions import rules

        await rules.delete_rule(runtime, None, number)

    session.run(data, action)
