"""`wandelgang report …`: what members told of somebody."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli import session
from server.cli.lines import one_line

if TYPE_CHECKING:
    from server.runtime import Runtime

_MOST = 200


@click.group(cls=session.Commands)
def report() -> None:
    """Reports: list."""


@report.command("list")
@click.option("--all", "with_done", is_flag=True, help="Those as well on which somebody acted.")
@session.data_option
def list_all(data: Path | None, with_done: bool) -> None:
    """Print the latest reports: number, day, whom, by whom, category, comment."""

    async def action(runtime: "Runtime") -> list[str]:
        from server.store import accounts, reports
        from server.store.pages import Page
        from server.store.reports import Search

        search = Search(resolved=None if with_done else False)
        found = await reports.report_page(runtime.db, Page(_MOST), search)
        ids = {one.account_id for one in found} | {one.target_id for one in found}
        names = {
            account.id: account.acct for account in await accounts.list_accounts(runtime.db, ids)
        }
        return [
            "\t".join(
                (
                    str(one.id),
                    one.created_at.date().isoformat(),
                    names[one.target_id],
                    names[one.account_id],
                    one.category,
                    " ".join(one.comment.split()),
                )
            )
            for one in found
        ]

    for line in session.run(data, action):
        click.echo(one_line(line))
