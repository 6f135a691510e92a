"""What the processes say: on the terminal with their name in front, and in bounded files."""

import contextlib
import sys
import threading
from pathlib import Path

from server.embedded import folders

_FILE_BYTES = 4 * 1024 * 1024
_COLOURS = {"postgres": 34, "valkey": 35, "web": 32, "worker": 33}


class Log:
    """The lines of one process: DATA/logs/NAME.log, with one older file beside it."""

    def __init__(self, data: Path, name: str) -> None:
        self.name = name
        self.is_shown = False
        self._path = folders.make_private(data / "logs") / f"{name}.log"
        self._file = self._path.open("ab")

    def write(self, line: bytes) -> None:
        """Take one line, with its line break.

        A full disk or a closed terminal loses the line: who speaks must not wait for it. So does
        `close`: somebody whom a killed process left behind may speak after it.
        """
        with contextlib.suppress(OSError, ValueError):
            self._append(line)
        if self.is_shown:
            print_line(self.name, line.decode("utf-8", "replace").rstrip("\r\n"))

    def _append(self, line: bytes) -> None:
        self._file.write(line)
        self._file.flush()
        if self._file.tell() > _FILE_BYTES:
            self._file.close()
            self._path.replace(self._path.with_suffix(".log.1"))
            self._file = self._path.open("ab")

    def close(self) -> None:
        """No more lines."""
        self._file.close()

    def last_lines(self, count: int) -> str:
        """The end of the file, for a message about a process that failed."""
        lines = self._path.read_text("utf-8", "replace").splitlines()
        return "\n".join(lines[-count:])


_terminal = threading.Lock()


def print_line(name: str, text: str) -> None:
    """One line on the terminal with the name of who says it."""
    prefix = f"{name:9}│"
    if sys.stderr.isatty():
        prefix = f"\033[{_COLOURS.get(name.rstrip('0123456789-'), 36)}m{prefix}\033[0m"
    with _terminal, contextlib.suppress(OSError):
        sys.stderr.write(f"{prefix} {text}\n")
        sys.stderr.flush()
