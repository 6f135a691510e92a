import time
from pathlib import Path

import pytest

from server.embedded import processes
from server.embedded.child import Program
from server.embedded.children import Children

# Tells in one file for all that it was asked to stop; what needs others takes its time for that.
SLEEPER = """
trap '{pause} echo {name} >> stopped; exit' TERM
touch {name}.ready
while :; do sleep 0.02; done
"""


def program(folder: Path, name: str, *, is_service: bool = False) -> Program:
    script = SLEEPER.format(name=name, pause="" if is_service else "sleep 0.2;")
    words = ("/bin/sh", "-c", script)
    return Program(name, words, folder, is_service=is_service, stop_seconds=60)


def wait_for(*paths: Path) -> None:
    while not all(path.exists() for path in paths):
        time.sleep(0.01)


def test_services_stop_after_those_who_need_them(tmp_path: Path) -> None:
    with Children(tmp_path) as children:
        started = [
            children.start(program(tmp_path, name, is_service=name == "database"))
            for name in ("database", "web-1", "worker-1")
        ]
        wait_for(*(tmp_path / f"{child.name}.ready" for child in started))
        began = time.monotonic()
    assert time.monotonic() - began < 60, "who stops is not waited for until the end of its time"
    assert [child.how_it_ended for child in started] == ["exit code 0"] * 3
    *first, last = (tmp_path / "stopped").read_text().split()
    assert (sorted(first), last) == (["web-1", "worker-1"], "database")
    assert not list((tmp_path / "run").glob("*.pid"))


def test_all_are_stopped_when_the_block_fails(tmp_path: Path) -> None:
    started = []

    def start_and_fail() -> None:
        with Children(tmp_path) as children:
            started.append(children.start(Program("sleeper", ("/bin/sleep", "60"), tmp_path)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        start_and_fail()
    assert processes.start_mark(started[0].pid) is None


def test_who_does_not_stop_in_time_is_killed(tmp_path: Path) -> None:
    deaf = Program(
        "deaf",
        ("/bin/sh", "-c", "trap '' TERM; touch ready; while :; do sleep 0.02; done"),
        tmp_path,
        stop_seconds=0.1,
    )
    with Children(tmp_path) as children:
        child = children.start(deaf)
        wait_for(tmp_path / "ready")
    assert child.how_it_ended == "SIGKILL"


def test_what_an_earlier_holder_left_is_ended_first(tmp_path: Path) -> None:
    with Children(tmp_path) as earlier:
        left = earlier.start(Program("web-1", ("/bin/sleep", "60"), tmp_path))
        with Children(tmp_path) as children:
            assert children.ended_leftovers == ["web-1"]
        assert left.wait(60)
