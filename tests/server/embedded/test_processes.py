import os
import signal
import subprocess
import time
from pathlib import Path

from server.embedded import processes
from server.embedded.processes import Started


def test_a_process_has_a_mark_while_it_runs() -> None:
    process = subprocess.Popen(["sleep", "60"])
    mark = processes.start_mark(process.pid)
    assert mark
    while not processes.command_line(process.pid):  # the kernel is still putting it in place
        assert process.poll() is None
    assert "sleep 60" in processes.command_line(process.pid)
    assert Started(process.pid, mark).is_running
    assert not Started(process.pid, "another mark").is_running

    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not Started(process.pid, mark).is_running, "a zombie does not run"
    process.wait()
    assert processes.start_mark(process.pid) is None


def test_leftovers_are_ended_and_strangers_spared(tmp_path: Path) -> None:
    left, stranger = subprocess.Popen(["sleep", "60"]), subprocess.Popen(["sleep", "60"])
    processes.write_pid_file(tmp_path / "web-1.pid", left.pid)
    (tmp_path / "valkey.pid").write_text(f"{stranger.pid} an older process of that number")
    (tmp_path / "worker-1.pid").write_text("")

    assert processes.end_leftovers(tmp_path) == ["web-1"]
    assert left.wait(60) == -signal.SIGTERM
    assert stranger.poll() is None
    assert not list(tmp_path.iterdir())
    assert processes.read_pid_file(tmp_path / "web-1.pid") is None
    stranger.kill()
    stranger.wait()


def test_who_stops_is_waited_for_no_longer() -> None:
    process = subprocess.Popen(["sleep", "60"])
    began = time.monotonic()
    processes.end(
        Started(process.pid, processes.start_mark(process.pid) or ""), signal.SIGTERM, seconds=100
    )
    assert time.monotonic() - began < 60
    assert process.wait(60) == -signal.SIGTERM


def test_who_does_not_stop_is_killed() -> None:
    process = subprocess.Popen(
        ["sh", "-c", "trap '' TERM; echo ready; sleep 60 & wait; sleep 60"], stdout=subprocess.PIPE
    )
    assert process.stdout
    process.stdout.readline()
    mark = processes.start_mark(process.pid)
    assert mark
    started = Started(process.pid, mark)
    processes.end(started, signal.SIGTERM, seconds=0.1)
    assert not started.is_running
    assert process.wait(60) == -signal.SIGKILL
    process.stdout.close()
