"""`wandelgang export …` and `import …`: what members take along and bring, for who runs this."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.termui import progressbar

from server.cli import session
from server.transfer.tables import KINDS

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from server.runtime import Runtime

_EXPORTS = ("archive", *KINDS)
_IMPORTS = ("statuses", *KINDS)


@click.command(cls=session.Command)
@click.argument("name")
@click.argument("kind", type=click.Choice(_EXPORTS))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@session.data_option
def export(data: Path | None, name: str, kind: str, file: Path) -> None:
    """Write what a member has to a file: all posts (archive, .zip), or a list (.csv)."""

    async def action(runtime: "Runtime") -> None:
        member = await session.find_member(runtime, name)
        if kind == "archive":
            await _write_archive(runtime, member.account_id, file)
        else:
            await _write_table(runtime, member.account_id, kind, file)

    session.run(data, action)


@click.command("import", cls=session.Command)
@click.argument("name")
@click.argument("kind", type=click.Choice(_IMPORTS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="End what the list does not name.")
@session.data_option
def bring(data: Path | None, name: str, kind: str, file: Path, overwrite: bool) -> None:
    """Read a file of a member's: old posts (statuses, an archive), or a list (.csv).

    Whatever is left when this is interrupted is done by the worker.
    """

    async def action(runtime: "Runtime") -> tuple[int, int]:
        from server.transfer import imports, old_posts

        member = await session.find_member(runtime, name)
        if kind == "statuses":
            import_id = await old_posts.begin_posts_import(
                runtime, member.account_id, file.name, file
            )
        else:
            body = await runtime.offload(file.read_bytes)
            import_id = await imports.begin_import(
                runtime, member.account_id, kind, file.name, body, overwrite=overwrite
            )
        return await _do_rows(runtime, member.account_id, import_id)

    done, failed = session.run(data, action)
    click.echo(f"{done - failed} done, {failed} left out")


async def _write_archive(runtime: "Runtime", account_id: int, file: Path) -> None:
    from server.store import accounts, exports
    from server.transfer import archive

    account = await accounts.get_account(runtime.db, account_id)
    with _bar("Posts", await exports.count_statuses(runtime.db, account_id)) as bar:
        await archive.write_archive(runtime, account, file, bar.update)


async def _write_table(runtime: "Runtime", account_id: int, kind: str, file: Path) -> None:
    from server.store import exports
    from server.transfer import tables

    rows = await exports.list_rows(runtime.db, kind, account_id, runtime.settings.domain)
    await runtime.offload(file.write_text, tables.write_table(kind, rows), "utf-8")
    click.echo(f"{len(rows)} rows", err=True)


async def _do_rows(runtime: "Runtime", account_id: int, import_id: int) -> tuple[int, int]:
    """Do what was read here and now; gives how many rows there were, and how many failed."""
    from server.store import imports as store
    from server.transfer import imports

    found = await store.get_import(runtime.db, import_id, account_id)
    await imports.hold_import(runtime, import_id)
    await store.set_state(runtime.db, import_id, "unconfirmed", "scheduled")
    is_more = True
    try:
        with _bar("Rows", found.total) as bar:
            while is_more:
                is_more = await imports.import_some(runtime, import_id, 1)
                await imports.hold_import(runtime, import_id)
                found = await store.get_import(runtime.db, import_id, account_id)
                bar.update(found.done - bar.pos)
    finally:
        await imports.let_go_of_import(runtime, import_id, is_more=is_more)
    return found.done, found.failed


def _bar(label: str, length: int) -> "ProgressBar[int]":
    return progressbar(length=length, label=label, file=sys.stderr)
