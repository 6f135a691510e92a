"""`wandelgang text …`: what the instance says of itself, in Markdown."""

from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from server.cli import session

if TYPE_CHECKING:
    from server.runtime import Runtime

_KINDS = ["extended_description", "privacy_policy", "terms_of_service"]


@click.group(cls=session.Commands)
def text() -> None:
    """Texts: description, privacy policy, terms of service."""


@text.command("set")
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--language", default="", help="Of the text. [default: the instance's first]")
@click.option(
    "--effective",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day from which terms of service hold. [default: today]",
)
@session.data_option
def set_text(
    data: Path | None,
    kind: str,
    file: IO[str],
    language: str,
    effective: datetime | None,
) -> None:
    """Take a text from a Markdown FILE (- reads standard input)."""

    async def action(runtime: "Runtime") -> None:
        from server.actions import instance_texts

        markdown = file.read()
        if kind == "terms_of_service":
            day = effective.date() if effective else date.today()  # noqa: DTZ011 - the owners' day
            await instance_texts.write_terms(runtime, None, day, language, markdown)
        else:
            await instance_texts.write_text(runtime, None, kind, language, markdown)

    session.run(data, action)


@text.command("remove")
@click.argument("kind", type=click.Choice(_KINDS[:2]))
@click.option("--language", required=True)
@session.data_option
def remove_text(data: Path | None, kind: str, language: str) -> None:
    """Take a text away; without any, the one that ships with the program is shown."""

    async def action(runtime: "Runtime") -> None:
        from server.actions import instance_texts

        await instance_texts.remove_text(runtime, None, kind, language)

    session.run(data, action)
