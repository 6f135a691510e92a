"""Processes by number: whether one still is the one that we started, and how it is ended."""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

_LOOK_SECONDS = 0.02
_HAS_PROC = Path("/proc/self/stat").exists()


@dataclass(frozen=True, slots=True)
class Started:
    """A process as its pid file knows it.

    The mark tells it from a later process that was given the same number.
    """

    pid: int
    mark: str

    @property
    def is_running(self) -> bool:
        """Whether this very process runs; a zombie does not."""
        return start_mark(self.pid) == self.mark


def start_mark(pid: int) -> str | None:
    """When the process with that number started, in the system's own words; None if none runs."""
    if _HAS_PROC:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        except OSError:
            return None
        state, *fields = stat.rpartition(")")[2].split()  # proc(5): the name may hold anything
        return None if state in "ZX" else fields[18]
    answer = subprocess.run(
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    state, _, started = answer.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()


def command_line(pid: int) -> str:
    """The words with which a process was started; empty when they cannot be had."""
    if _HAS_PROC:
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace").replace("\0", " ")
        return ""
    answer = subprocess.run(
        ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()


def write_pid_file(path: Path, pid: int) -> None:
    """Remember a process that was just started."""
    path.write_text(f"{pid} {start_mark(pid)}\n", "utf-8")


def read_pid_file(path: Path) -> Started | None:
    """The process that a pid file names; None without one, or when a crash cut it short."""
    try:
        pid, _, mark = path.read_text("utf-8").strip().partition(" ")
    except FileNotFoundError:
        return None
    return Started(int(pid), mark) if pid.isdigit() else None


def end_leftovers(run_folder: Path) -> list[str]:
    """End what an earlier start left behind on this folder; returns the names of those ended.

    Only for who holds the folder's lock. In the order worker, web, valkey, postgres.
    """
    ended = []
    for path in sorted(run_folder.glob("*.pid"), reverse=True):
        left = read_pid_file(path)
        if left and left.is_running:
            is_postgres = path.stem == "postgres"
            end(left, signal.SIGINT if is_postgres else signal.SIGTERM, seconds=10)
            ended.append(path.stem)
        path.unlink(missing_ok=True)
    return ended


def end(process: Started, gentle: signal.Signals, seconds: float) -> None:
    """Ask a process to stop, and kill it when it has not after so many seconds."""
    for number, patience in ((gentle, seconds), (signal.SIGKILL, 5.0)):
        if not process.is_running:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and process.is_running:
            time.sleep(_LOOK_SECONDS)
