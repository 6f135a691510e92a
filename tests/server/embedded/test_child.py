import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from server.embedded import processes
from server.embedded.child import Child, Program
from server.embedded.logs import Log


def start(tmp_path: Path, script: str, on_exit: Callable[[Child], None] = lambda _: None) -> Child:
    program = Program("talker", ("/bin/sh", "-c", script), tmp_path)
    return Child(program, Log(tmp_path, "talker"), tmp_path / "talker.pid", on_exit)


def test_it_is_heard_and_its_end_is_told(tmp_path: Path) -> None:
    ended: queue.Queue[Child] = queue.Queue()
    child = start(tmp_path, "echo out; echo err >&2; exit 3", ended.put)
    assert ended.get(timeout=60) is child
    assert child.how_it_ended == "exit code 3"
    assert child.log.last_lines(2) == "out\nerr"
    assert child.wait(60)
    assert not (tmp_path / "talker.pid").exists()
    child.log.close()


def test_a_signal_ends_it(tmp_path: Path) -> None:
    child = start(tmp_path, "sleep 60")
    left = processes.read_pid_file(tmp_path / "talker.pid")
    assert left == processes.Started(child.pid, processes.start_mark(child.pid) or "")
    child.signal(signal.SIGKILL)
    assert child.wait(60)
    assert child.how_it_ended == "SIGKILL"
    child.signal(signal.SIGTERM)  # nobody is there any more: no error
    child.log.close()


def test_what_it_started_ends_with_it(tmp_path: Path) -> None:
    child = start(tmp_path, f"sleep 60 & echo $! > {tmp_path}/grandchild; wait")
    grandchild = tmp_path / "grandchild"
    while not grandchild.exists() or not grandchild.read_text().strip():
        time.sleep(0.01)
    child.signal(signal.SIGKILL)
    assert child.wait(60)
    assert gone(int(grandchild.read_text()))
    child.log.close()


def test_it_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert gone(child)


PARENT = """
import pathlib, sys, time
from server.embedded.child import Child, Program
from server.embedded.logs import Log
folder = pathlib.Path(sys.argv[1])
program = Program("sleeper", ("/bin/sleep", "60"), folder)
child = Child(program, Log(folder, "sleeper"), folder / "sleeper.pid", print)
while not pathlib.Path(f"/proc/{child.pid}/cmdline").read_text().startswith("/bin/sleep"):
    time.sleep(0.01)
print(child.pid, flush=True)
time.sleep(60)
"""


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if processes.start_mark(pid) is None:
            return True
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    return False
