"""One program under our care: started, listened to, and stopped within a time limit."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from server.embedded import processes
from server.embedded.logs import Log
from server.embedded.rights import as_user

_LAST_WORDS_SECONDS = 5.0  # if somebody whom it left behind keeps its output open


@dataclass(frozen=True, slots=True)
class Program:
    """What to start, and how it wants to be stopped."""

    name: str
    command: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10.0
    is_service: bool = False  # others need it: stopped after them
    user: int | None = None
    inherited_fds: tuple[int, ...] = ()


class Child:
    """A running program; threads of its own read what it says and wait for its end."""

    def __init__(
        self, program: Program, log: Log, pid_file: Path, on_exit: Callable[["Child"], None]
    ) -> None:
        """Start it. Call from the main thread only: Linux ends it when that thread ends."""
        self.program = program
        self.log = log
        self.started_at = time.monotonic()
        self._pid_file = pid_file
        self._on_exit = on_exit
        self._process = subprocess.Popen(
            [*_end_with_us(program.stop_signal), *program.command],
            cwd=program.folder,
            env=dict(program.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone
            pass_fds=program.inherited_fds,
            **as_user(program.user),
        )
        processes.write_pid_file(pid_file, self._process.pid)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._attendant = threading.Thread(target=self._attend, daemon=True)
        self._listener.start()
        self._attendant.start()

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def name(self) -> str:
        """Its program's name: postgres, valkey, web-1, worker-1…"""
        return self.program.name

    @property
    def how_it_ended(self) -> str:
        """In words: `SIGKILL`, or `exit code 1`."""
        code = self._process.returncode
        return signal.Signals(-code).name if code and code < 0 else f"exit code {code}"

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._attendant.is_alive()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal; nothing happens if it has ended."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    def wait(self, seconds: float) -> bool:
        """Wait for its end so long; whether it has ended."""
        self._attendant.join(seconds)
        return not self.is_running

    def _listen(self) -> None:
        assert self._process.stdout
        with self._process.stdout as output:
            for line in output:
                self.log.write(line)

    def _attend(self) -> None:
        if sys.platform == "linux":
            # While it is a zombie its number is nobody else's: end what it started and left.
            os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._listener.join(_LAST_WORDS_SECONDS)
        self._pid_file.unlink(missing_ok=True)
        self._on_exit(self)


@cache
def _setpriv() -> str | None:
    return shutil.which("setpriv") if sys.platform == "linux" else None


def _end_with_us(number: signal.Signals) -> tuple[str, ...]:
    """Words in front of a command that have the kernel signal it when we are gone (prctl(2)).

    Elsewhere than on Linux the next start ends what was left (processes.end_leftovers).
    """
    setpriv = _setpriv()
    return (setpriv, "--pdeathsig", number.name.removeprefix("SIG"), "--") if setpriv else ()
