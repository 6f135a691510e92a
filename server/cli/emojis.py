"""`wandelgang emoji …`: pictures of our own for texts."""

from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from server.cli import session

if TYPE_CHECKING:
    from server.runtime import Runtime
    from server.store.custom_emojis import CustomEmoji

_LARGEST_ARCHIVE = 200 * 1024 * 1024


@click.group(cls=session.Commands)
def emoji() -> None:
    """Custom emoji: add, list, remove, import."""


@emoji.command()
@click.argument("shortcode")
@click.argument("file", type=click.File("rb"))
@click.option("--category", help="Under which pickers show it.")
@click.option("--hidden", is_flag=True, help="Leave it out of pickers.")
@session.data_option
def add(
    data: Path | None,
    shortcode: str,
    file: IO[bytes],
    category: str | None,
    hidden: bool,
) -> None:
    """Add an emoji from a PNG, GIF or WebP FILE, or give one another picture."""

    async def action(runtime: "Runtime") -> None:
        from server.actions import custom_emojis

        body = file.read(custom_emojis.LARGEST_BYTES + 1)
        name = shortcode.strip(":")
        await custom_emojis.add_emoji(runtime, name, body, category, visible=not hidden)

    session.run(data, action)


@emoji.command("list")
@session.data_option
def list_all(data: Path | None) -> None:
    """Print every emoji: shortcode, category, and whether pickers show it."""

    async def action(runtime: "Runtime") -> "list[CustomEmoji]":
        from server.store import custom_emojis

        return await custom_emojis.list_emojis(runtime.db)

    for one in session.run(data, action):
        shown = "disabled" if one.disabled else "" if one.visible_in_picker else "hidden"
        click.echo(f"{one.shortcode}\t{one.category or ''}\t{shown}")


@emoji.command()
@click.argument("shortcode")
@session.data_option
def remove(data: Path | None, shortcode: str) -> None:
    """Take an emoji away; texts show its name from then on."""

    async def action(runtime: "Runtime") -> None:
        from server.actions import custom_emojis

        await custom_emojis.remove_emoji(runtime, None, shortcode.strip(":"))

    session.run(data, action)


@emoji.command("import")
@click.argument("archive", type=click.File("rb"))
@click.option("--category", help="Under which pickers show all of them.")
@session.data_option
def import_archive(data: Path | None, archive: IO[bytes], category: str | None) -> None:
    """Add all pictures of an ARCHIVE (.tar.gz), each under its file's name."""

    async def action(runtime: "Runtime") -> tuple[int, list[str]]:
        from server.actions import custom_emojis
        from server.errors import Invalid

        body = archive.read(_LARGEST_ARCHIVE + 1)
        if len(body) > _LARGEST_ARCHIVE:
            raise Invalid("The archive is larger than 200 MB")
        return await custom_emojis.import_archive(runtime, body, category)

    added, problems = session.run(data, action)
    for problem in problems:
        click.echo(problem, err=True)
    click.echo(f"{added} added, {len(problems)} left out")
