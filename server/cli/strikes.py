"""`wandelgang strike …`: decisions about accounts, as moderators take them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli import session
from server.cli.lines import one_line
from server.store.strikes import ACTIONS

if TYPE_CHECKING:
    from server.runtime import Runtime


@click.group(cls=session.Commands)
def strike() -> None:
    """Decisions about an account: list, give, appeal."""


@strike.command("list")
@click.argument("name")
@session.data_option
def list_all(data: Path | None, name: str) -> None:
    """Print what was decided about an account: number, day, kind, appeal, text."""

    async def action(runtime: "Runtime") -> list[str]:
        from server.store import strikes

        account = await session.find_account(runtime, name)
        return [
            "\t".join(
                (
                    str(one.id),
                    one.created_at.date().isoformat(),
                    one.action,
                    "overruled" if one.overruled_at else one.appeal_state or "-",
                    " ".join(one.text.split()),
                )
            )
            for one in await strikes.list_of_target(runtime.db, account.id)
        ]

    for line in session.run(data, action):
        click.echo(one_line(line))


@strike.command()
@click.argument("name")
@click.argument("kind", type=click.Choice(ACTIONS))
@click.option("--text", default="", help="What a member is told.")
@click.option("--report", "report_id", type=int, help="Number of the report that led to it.")
@click.option("--silent", is_flag=True, help="Tell the member nothing.")
@session.data_option
def give(
    data: Path | None, name: str, kind: str, text: str, report_id: int | None, silent: bool
) -> None:
    """Decide about an account, like: strike give ben silence --text "Enough now"."""

    async def action(runtime: "Runtime") -> None:
        from server.moderation.act import Act, act

        account = await session.find_account(runtime, name)
        await act(runtime, None, Act(account.id, kind, text, report_id, tells=not silent))

    session.run(data, action)


@strike.command()
@click.argument("number", type=int)
@click.option("--refuse", is_flag=True, help="The decision stands.")
@session.data_option
def appeal(data: Path | None, number: int, refuse: bool) -> None:
    """Grant the appeal against a decision, which takes it back; or refuse it."""

    async def action(runtime: "Runtime") -> None:
        from server.moderation import appeals

        await appeals.decide_appeal(runtime, None, number, is_approved=not refuse)

    session.run(data, action)
