"""`wandelgang doctor`: what is wrong with an installation, and what to do about it."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import click
from rich.console import Console

from server.cli import checks, checks_outside, session
from server.cli.findings import Finding, Text, ill
from server.embedded import services
from server.errors import ServerError
from server.settings import Settings
from server.store import health


@click.command()
@session.data_option
def doctor(data: Path | None) -> None:
    """Say what is wrong with this installation, and what to do about it (exit code 1)."""
    settings = session.settings_of(data)
    language = "nl" if _language().startswith("nl") else "en"
    console = Console(highlight=False, soft_wrap=True)
    problems = 0
    for finding in _examine(settings):
        _show(console, finding, language)
        problems += not finding.is_well
    closing = Text("To look at: {count}.", {"count": problems})
    if not problems:
        closing = Text("All is well.", {})
    console.print(closing.say(language), style="bold")
    raise SystemExit(1 if problems else 0)


def _examine(settings: Settings) -> Iterator[Finding]:
    """All findings; from outside is asked only when something answers there."""
    port = checks.check_port(settings)
    yield port
    username = None
    try:
        with services.running(settings) as running:
            yield from checks.check_data_folder(settings)
            yield from asyncio.run(checks.check_database(running))
            yield asyncio.run(checks.check_queue(running))
            username = asyncio.run(_find_username(running))
    except ServerError as error:
        yield ill("{error}", "See the files in {logs}.", error=error, logs=settings.data / "logs")
    yield from checks_outside.check_certificate_files(settings)
    if settings.is_https:
        yield checks.check_name(settings)
        yield checks_outside.check_tls(settings)
    if settings.is_https or port.is_well:
        yield from checks_outside.check_answers(settings, username)


async def _find_username(settings: Settings) -> str | None:
    try:
        connection = await asyncpg.connect(settings.database_url, timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return None
    try:
        return await health.find_first_username(connection)
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()


def _show(console: Console, finding: Finding, language: str) -> None:
    mark = "[green]✓[/green]" if finding.is_well else "[red]✗[/red]"
    console.print(mark, end=" ")
    console.print(finding.what.say(language), markup=False)
    if finding.advice:
        console.print(f"  → {finding.advice.say(language)}", markup=False)


def _language() -> str:
    return os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
