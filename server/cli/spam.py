"""`wandelgang spam …`: what is done with posts of strangers."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli import session
from server.cli.lines import one_line

if TYPE_CHECKING:
    from server.actions.inbound_rules import Hit
    from server.runtime import Runtime
    from server.store.inbound_rules import InboundRule

_SHOWN = 80  # characters of a text
_number = click.argument("number", type=click.IntRange(1, 2**31 - 1))


@click.group(cls=session.Commands)
def spam() -> None:
    """Rules for posts of strangers (whom no member follows): try, add, list, move, remove.

    CONDITION is one of: mentions (more than VALUE), young (first post with a link by an account of
    fewer days), followerless (the same with fewer followers), old (days), repeated (the same text
    or link by so many within a day), keyword, domain. OUTCOME is one of: drop, hold (into
    notification requests), limit (silence the account), strip_media, unlist.
    """


@spam.command("try")
@click.argument("condition", required=False)
@click.argument("value", required=False)
@click.argument("outcome", default="drop")
@session.data_option
def try_rules(data: Path | None, condition: str | None, value: str | None, outcome: str) -> None:
    """Print what a rule, or without one all that there are, would have done in the last week."""

    async def action(runtime: "Runtime") -> "list[Hit]":
        from server.actions import inbound_rules as actions
        from server.store import inbound_rules

        if condition:
            rules = [actions.checked_rule(condition, value or "", outcome)]
        else:
            rules = await inbound_rules.list_rules(runtime.db)
        return [hit async for hit in actions.find_hits(runtime, rules)]

    hits = session.run(data, action)
    for hit in hits:
        when = hit.at.isoformat(timespec="minutes", sep=" ")
        rule = f"{hit.rule.condition} {hit.rule.value} {hit.rule.outcome}"
        click.echo(one_line(f"{when}\t{rule}\t{hit.acct}\t{hit.text[:_SHOWN]}"))
    click.echo(f"{len(hits)} in the last week.", err=True)


@spam.command()
@click.argument("condition")
@click.argument("value")
@click.argument("outcome")
@session.data_option
def add(data: Path | None, condition: str, value: str, outcome: str) -> None:
    """Add a rule after all others and print its number; it holds at once."""

    async def action(runtime: "Runtime") -> int:
        from server.actions import inbound_rules

        return await inbound_rules.add_rule(runtime, None, condition, value, outcome)

    click.echo(session.run(data, action))


@spam.command("list")
@session.data_option
def list_all(data: Path | None) -> None:
    """Print every rule: number, condition, value, outcome."""

    async def action(runtime: "Runtime") -> "list[InboundRule]":
        from server.store import inbound_rules

        return await inbound_rules.list_rules(runtime.db)

    for one in session.run(data, action):
        click.echo(f"{one.id}\t{one.condition}\t{one.value}\t{one.outcome}")


@spam.command()
@_number
@click.argument("place", type=click.IntRange(1, 2**31 - 1))
@session.data_option
def move(data: Path | None, number: int, place: int) -> None:
    """Put a rule at another place; 1 is the first."""

    async def action(runtime: "Runtime") -> None:
        from server.actions import inbound_rules

        await inbound_rules.move_rule(runtime, None, number, place)

    session.run(data, action)


@spam.command()
@_number
@session.data_option
def remove(data: Path | None, number: int) -> None:
    """Take a rule away."""

    async def action(runtime: "Runtime") -> None:
        from server.actions import inbound_rules

        await inbound_rules.delete_rule(runtime, None, number)

    session.run(data, action)
