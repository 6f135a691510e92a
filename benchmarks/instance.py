"""A whole instance as a department runs it, started for the measurement and stopped after it."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from server.embedded import postgres

_START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Instance:
    """Address, data folder and process of a running instance."""

    port: int
    data: Path
    process: psutil.Process
    start_seconds: float

    @property
    def origin(self) -> str:
        """Its public address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        """Its embedded database."""
        return postgres.database_url(self.data)

    def cpu_seconds(self) -> float:
        """Processor time of the whole tree so far."""
        total = 0.0
        for process in [self.process, *self.process.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):  # one that just ended
                times = process.cpu_times()
                total += times.user + times.system
        return total

    def memory_megabytes(self) -> float:
        """Memory of the whole tree, shared pages counted once (PSS)."""
        tree = [self.process, *self.process.children(recursive=True)]
        return float(sum(process.memory_full_info().pss for process in tree)) / 1e6

    def command(self, *words: str) -> str:
        """Last line that `wandelgang` prints on standard output."""
        answer = subprocess.run(
            [sys.executable, "-m", "server.cli.main", *words, "--data", str(self.data)],
            check=True,
            capture_output=True,
            text=True,
        )
        return answer.stdout.strip().splitlines()[-1] if answer.stdout.strip() else ""


@contextmanager
def running_instance(data: Path, **environment: str) -> Iterator[Instance]:
    """Start `wandelgang up` on a free port and wait until it serves."""
    port = free_port()
    start = time.perf_counter()
    process = psutil.Popen(
        [
            sys.executable,
            "-m",
            "server.cli.main",
            "up",
            "--data",
            str(data),
            "--port",
            str(port),
            "--origin",
            f"http://127.0.0.1:{port}",
        ],
        env={**_environment(), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/health", process)
        yield Instance(port, data, process, time.perf_counter() - start)
    finally:
        process.terminate()
        process.wait(60)


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    return {"WANDELGANG_RATE_LIMIT_FACTOR": "0", **kept}


def _wait(url: str, process: psutil.Popen) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the instance did not start")
