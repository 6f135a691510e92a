"""`wandelgang domain …`: what holds for other servers."""

from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from server.cli import session

if TYPE_CHECKING:
    from server.runtime import Runtime
    from server.store.domain_rules import Rule


@click.group(cls=session.Commands)
def domain() -> None:
    """Other servers: block, unblock, allow, list, import and export lists."""


@domain.command()
@click.argument("name")
@click.option("--severity", type=click.Choice(["silence", "suspend", "noop"]), default="suspend")
@click.option("--reject-media", is_flag=True, help="Keep and show no files of it.")
@click.option("--reject-reports", is_flag=True, help="Take no reports from it.")
@click.option("--comment", help="Why, for whom the settings show it.")
@session.data_option
def block(
    data: Path | None,
    name: str,
    severity: str,
    reject_media: bool,
    reject_reports: bool,
    comment: str | None,
) -> None:
    """Block a domain and all below it."""

    async def action(runtime: "Runtime") -> "Rule":
        from server.actions import domain_rules
        from server.store.domain_rules import NewRule

        new = NewRule(severity, reject_media, reject_reports, None, comment)
        return await domain_rules.put(runtime, None, name, new)

    rule = session.run(data, action)
    click.echo(f"{rule.domain}\t{rule.severity}")


@domain.command()
@click.argument("name")
@session.data_option
def unblock(data: Path | None, name: str) -> None:
    """Take a block back, and what it did."""

    async def action(runtime: "Runtime") -> None:
        from server.actions import domain_rules as actions
        from server.actions.block_domain import normal_domain
        from server.errors import NotFound
        from server.store import domain_rules

        rule = await domain_rules.find_rule(runtime.db, normal_domain(name))
        if rule is None or rule.domain != normal_domain(name):
            raise NotFound(f"{name} is not blocked")
        await actions.unblock(runtime, None, rule.id)

    session.run(data, action)


@domain.command()
@click.argument("name")
@session.data_option
def allow(data: Path | None, name: str) -> None:
    """Put a domain on the list of those that are talked with (federation_mode allow-list)."""

    async def action(runtime: "Runtime") -> None:
        from server.actions import domain_rules

        await domain_rules.allow(runtime, None, name)

    session.run(data, action)


@domain.command("list")
@session.data_option
def list_all(data: Path | None) -> None:
    """Print the blocks as the CSV that Mastodon exports and imports."""

    async def action(runtime: "Runtime") -> "list[Rule]":
        from server.store import domain_rules

        return await domain_rules.list_rules(runtime.db)

    from server.transfer.domain_list import write_domain_list

    click.echo(write_domain_list(session.run(data, action)), nl=False)


@domain.command("import")
@click.argument("file", type=click.File(encoding="utf-8"))
@session.data_option
def import_list(data: Path | None, file: IO[str]) -> None:
    """Block the domains of a CSV (Mastodon's, or bare names, which are suspended)."""
    text = file.read()

    async def action(runtime: "Runtime") -> tuple[int, list[str]]:
        from rich.progress import track

        from server.actions import domain_rules
        from server.errors import Invalid
        from server.transfer.domain_list import read_domain_list

        done, wrong = 0, []
        for line in track(read_domain_list(text), "Blocking"):
            try:
                await domain_rules.put(runtime, None, line.domain, line.rule)
                done += 1
            except Invalid as error:
                wrong.append(f"{line.domain}: {error}")
        return done, wrong

    done, wrong = session.run(data, action)
    click.echo(f"Domains blocked: {done}.", err=True)
    for problem in wrong:
        click.echo(problem, err=True)
