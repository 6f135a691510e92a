"""The running programs of one data folder, by name; none outlives the block."""

import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from server.embedded import folders, processes
from server.embedded.child import Child, Program
from server.embedded.logs import Log


class Children:
    """`with Children(data) as children:` stops at the end whatever was started inside.

    Only for who holds the folder's lock: what an earlier holder left is ended first.
    """

    def __init__(self, data: Path, on_exit: Callable[[Child], None] = lambda _: None) -> None:
        self._data = data.resolve()
        self._run_folder = folders.make_private(folders.make_private(self._data) / "run")
        self._on_exit = on_exit
        self._children: dict[str, Child] = {}
        self._logs: dict[str, Log] = {}
        self.ended_leftovers = processes.end_leftovers(self._run_folder)

    def start(self, program: Program) -> Child:
        """Start a program, or start it again after its end."""
        if program.name not in self._logs:
            self._logs[program.name] = Log(self._data, program.name)
        pid_file = self._run_folder / f"{program.name}.pid"
        child = Child(program, self._logs[program.name], pid_file, self._on_exit)
        self._children[program.name] = child
        return child

    def show_on_terminal(self, shown: bool) -> None:
        """Whether what they say from now on is shown, too, not only filed."""
        for log in self._logs.values():
            log.is_shown = shown

    def kill(self) -> None:
        """End all of them at once, for somebody who cannot wait."""
        for child in self._children.values():
            child.signal(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for is_service in (False, True):
            _stop(c for c in self._children.values() if c.program.is_service == is_service)
        for log in self._logs.values():
            log.close()


def _stop(children: Iterable[Child]) -> None:
    """Ask all of them at once, and kill those that have not stopped in their time."""
    stopping = list(children)
    asked_at = time.monotonic()
    for child in stopping:
        child.signal(child.program.stop_signal)
    for child in stopping:
        if not child.wait(asked_at + child.program.stop_seconds - time.monotonic()):
            child.signal(signal.SIGKILL)
            child.wait(10.0)
