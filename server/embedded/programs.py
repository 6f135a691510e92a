"""Our own processes as programs: how web and worker are started, and told their settings."""

import dataclasses
import os
import sys
from pathlib import Path

from server.embedded.child import Program
from server.settings import Settings

_COMMAND_LINE = (sys.executable, "-m", "server.cli.main")


def command(settings: Settings, *words: str) -> tuple[list[str], dict[str, str]]:
    """Words and environment of a command of ours that is to run with these very settings."""
    return [*_COMMAND_LINE, *words], {**os.environ, **settings_environment(settings)}


def web(settings: Settings, name: str, listening_fd: int) -> Program:
    """A web process that serves the inherited listening socket."""
    words, environment = command(settings, "web", "--fd", str(listening_fd))
    return Program(
        name=name,
        command=tuple(words),
        folder=Path.cwd(),
        environment=environment,
        inherited_fds=(listening_fd,),
    )


def worker(settings: Settings, name: str) -> Program:
    """A worker process."""
    words, environment = command(settings, "worker")
    return Program(
        name=name,
        command=tuple(words),
        folder=Path.cwd(),
        environment=environment,
        stop_seconds=15.0,
    )


def settings_environment(settings: Settings) -> dict[str, str]:
    """The settings as variables that `load_settings` reads.

    The secret key is left out: a child reads it where we did.
    """
    environment = {}
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if field.name == "secret_key" or value in ("", None, ()):
            continue
        text = ",".join(value) if isinstance(value, tuple) else str(value)
        environment[f"WANDELGANG_{field.name.upper()}"] = text
    return environment
