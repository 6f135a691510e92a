"""`wandelgang up`: everything that an instance needs, on this machine."""

import subprocess
import time
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.status import Status

from server.cli import session
from server.embedded import programs, services, supervisor
from server.settings import Settings, load_settings


@click.command()
@session.data_option
@click.option("--host", help="Address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port to listen on. [default: 3000]")
@click.option("--origin", help="Public address. [default: http://localhost:PORT]")
@click.option("--tls-cert", type=Path, help="Certificate chain (PEM), without a proxy in front.")
@click.option("--tls-key", type=Path, help="Private key (PEM) of the certificate.")
@click.option("--web-processes", type=click.IntRange(1), help="Web processes. [default: 1]")
@click.option("--worker-processes", type=click.IntRange(1), help="Workers. [default: 1]")
def up(data: Path | None, **given: Any) -> None:
    """Start an instance: database, queue, web and worker; Ctrl-C stops all of it."""
    started_at = time.monotonic()
    settings = load_settings(data=data, **given)
    console = Console(stderr=True, highlight=False)
    status = console.status("Wandelgang starts…")

    def on_serving() -> None:
        status.stop()
        seconds = time.monotonic() - started_at
        console.print(
            f"[bold]Wandelgang serves at {settings.origin}[/bold] (after {seconds:.1f} s)"
        )
        _invite_owner(settings, console)

    with status:
        supervisor.run(settings, lambda step: _show(status, step), on_serving)


def _show(status: Status, step: str) -> None:
    status.console.print(f"[green]✓[/green] {step}")


def _invite_owner(settings: Settings, console: Console) -> None:
    words, environment = programs.command(services.with_urls(settings), "owner-link")
    answer = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if link := answer.stdout.strip():
        console.print(
            "Nobody owns this instance yet. Open this link within an hour; it works once:"
        )
        console.print(f"  [bold cyan]{link}[/bold cyan]", soft_wrap=True)
    elif answer.returncode:
        console.print(answer.stderr.strip(), markup=False)
