"""A whole instance under the supervisor: its parts are killed, it is killed, it is stopped."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from server.embedded import processes
from server.embedded.processes import Started
from tests.servers import Instance

PARTS = ("postgres", "valkey", "web-1", "worker-1")


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    with Instance() as instance:
        yield instance


def eventually(is_so: object, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():  # type: ignore[operator]
            return True
        time.sleep(0.02)
    return False


def answer(instance: Instance) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", instance.port, timeout=60)
    try:
        connection.request("GET", "/api/v2/instance", headers={"Host": instance.domain})
        return connection.getresponse().status
    finally:
        connection.close()


def all_running(instance: Instance) -> bool:
    found = [processes.read_pid_file(instance.data / "run" / f"{name}.pid") for name in PARTS]
    return all(one and one.is_running for one in found)


@pytest.mark.parametrize("name", ["web-1", "worker-1", "valkey", "postgres"])
def test_a_killed_part_is_started_again(instance: Instance, name: str) -> None:
    before = instance.process(name)
    instance.kill(name)
    assert eventually(lambda: not before.is_running)
    assert eventually(lambda: all_running(instance) and instance.process(name) != before)
    assert eventually(lambda: answer(instance) == 200), instance.output()
    instance.wait_for_output(rf"{name} ended \(SIGKILL\)")


def test_a_web_process_that_is_started_again_refuses_nobody(instance: Instance) -> None:
    answers: list[int] = []
    askers = [threading.Thread(target=lambda: answers.append(answer(instance))) for _ in range(5)]
    instance.kill("web-1")
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    # A connection that the dead process had taken is lost; those that wait are not.
    assert answers.count(200) >= 4


def test_a_second_one_on_the_folder_is_refused(instance: Instance) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "server.cli.main", "up", "--data", instance.data, "--port", "1"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert second.returncode == 1
    assert second.stderr.startswith(f"Error: Wandelgang already runs on {instance.data} (process ")
    assert instance.url in second.stderr


def test_a_taken_port_is_told(instance: Instance) -> None:
    words = ["up", "--data", f"{instance.data}-two", "--port", str(instance.port)]
    second = subprocess.run(
        [sys.executable, "-m", "server.cli.main", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert second.returncode == 1
    assert f"Port {instance.port} is taken by process " in second.stderr


def everything(instance: Instance) -> list[Started]:
    """The supervisor and all that runs below it."""
    tree = [instance.process(name) for name in PARTS]
    supervisor = processes.read_pid_file(instance.data.parent / "run" / "up.pid")
    assert supervisor
    return [supervisor, *tree]


def test_nothing_outlives_a_stop_and_it_starts_again(instance: Instance) -> None:
    running = everything(instance)
    instance.stop()
    assert [process for process in running if process.is_running] == []
    assert list((instance.data / "run").glob("*.pid")) == []
    instance.start()
    assert answer(instance) == 200


def test_nothing_outlives_a_supervisor_that_is_killed(instance: Instance) -> None:
    running = everything(instance)
    os.kill(running[0].pid, signal.SIGKILL)
    assert eventually(lambda: not any(process.is_running for process in running))
    instance.start()
    assert answer(instance) == 200


def test_it_recovers_when_everything_is_killed_at_once(instance: Instance) -> None:
    running = everything(instance)
    for process in running:
        os.kill(process.pid, signal.SIGSTOP)
    for process in running:
        os.kill(process.pid, signal.SIGKILL)
    assert eventually(lambda: not any(process.is_running for process in running))
    instance.start()
    assert answer(instance) == 200
    assert instance.create_user("anna", "read")


def test_servers_that_the_settings_name_are_used(database_url: str, redis_url: str) -> None:
    with Instance(DATABASE_URL=database_url, REDIS_URL=redis_url) as instance:
        assert sorted(path.stem for path in (instance.data / "run").glob("*.pid")) == [
            "web-1",
            "worker-1",
        ]
        assert not (instance.data / "postgres").exists()
