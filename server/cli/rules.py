"""`wandelgang rule …`: what holds on this instance."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli import session

if TYPE_CHECKING:
    from server.runtime import Runtime
    from server.store.rules import Rule

_LONGEST = 1000


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
        from server.store import rules

        _check(text, hint)
        return await rules.insert_rule(runtime.db, text.strip(), hint, {})

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
        from server.errors import Invalid
        from server.store import rules
        from server.text.language import normal_language

        _check(text, hint)
        code = normal_language(language)
        if code is None:
            raise Invalid(f"{language} is no language code like nl or en")
        await rules.translate_rule(runtime.db, number, code, {"text": text.strip(), "hint": hint})

    session.run(data, action)


@rule.command()
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
@click.argument("place", type=click.IntRange(1, 2**31 - 1))
@session.data_option
def move(data: Path | None, number: int, place: int) -> None:
    """Put a rule at another place; 1 is the first."""

    async def action(runtime: "Runtime") -> None:
        from server.store import rules

        async with runtime.transaction() as tx:
            await rules.move_rule(tx.db, number, place)

    session.run(data, action)


@rule.command()
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
@session.data_option
def remove(data: Path | None, number: int) -> None:
    """Take a rule away."""

    async def action(runtime: "Runtime") -> None:
        from server.store import rules

        await rules.delete_rule(runtime.db, number)

    session.run(data, action)


def _check(text: str, hint: str) -> None:
    from server.errors import Invalid

    if not text.strip() or max(len(text), len(hint)) > _LONGEST:
        raise Invalid(f"A rule and its hint have at most {_LONGEST} characters, and some text")
