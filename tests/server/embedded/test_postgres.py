import ctypes
import os
import signal
import threading
from pathlib import Path

import asyncpg
import pytest

from server.embedded import postgres, services
from server.embedded.children import Children
from server.errors import Unavailable
from tests.servers import short_folder


async def value(data: Path, statement: str) -> object:
    connection = await asyncpg.connect(postgres.database_url(data))
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def test_binaries_are_found_without_running_the_wheel() -> None:
    folder = postgres.bin_dir()
    assert (folder / "postgres").is_file()
    assert postgres.version(folder) >= postgres.MINIMUM_VERSION
    assert postgres.version(Path("/nowhere")) == 0


async def test_it_starts_keeps_what_is_written_and_survives_a_kill() -> None:
    with short_folder() as data, Children(data) as children:
        child = children.start(postgres.prepare(data))
        assert not postgres.is_ready(data) or child.is_running
        services.wait_until_ready(postgres, data, child)
        assert postgres.is_ready(data)
        assert (data / "postgres").stat().st_mode & 0o777 == 0o700
        assert await value(data, "SELECT datlocprovider FROM pg_database LIMIT 1") in {b"b", b"c"}
        assert await value(data, "SHOW listen_addresses") == ""
        await value(data, "CREATE TABLE kept AS SELECT 42 AS answer")

        child.signal(signal.SIGKILL)
        assert child.wait(60)
        # The number of the dead one belongs to somebody else by now: to this test.
        pid_file = data / "postgres" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
        assert not postgres.is_ready(data)

        services.wait_until_ready(postgres, data, children.start(postgres.prepare(data)))
        assert await value(data, "SELECT answer FROM kept") == 42


async def test_those_whom_a_killed_one_left_behind_are_waited_for() -> None:
    query = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
    with short_folder() as data, Children(data) as children:
        child = children.start(postgres.prepare(data))
        services.wait_until_ready(postgres, data, child)
        left = await value(data, query)
        assert isinstance(left, int)
        os.kill(left, signal.SIGSTOP)
        going_on = threading.Timer(1, os.kill, (left, signal.SIGCONT))
        try:
            child.signal(signal.SIGKILL)
            assert child.wait(60)
        finally:
            going_on.start()
        services.wait_until_ready(postgres, data, children.start(postgres.prepare(data)))
        assert await value(data, query) != left


def test_shared_memory_whose_key_is_negative_is_found() -> None:
    """As of a folder whose number on its disk is large."""
    c, key = ctypes.CDLL(None), -os.getpid()
    c.shmat.restype, c.shmdt.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    number = c.shmget(key, 4096, 0o1600)  # a new one, for us alone
    place = c.shmat(number, None, 0)
    try:
        assert postgres._is_attached([str(2**64 + key), str(number)])
    finally:
        c.shmdt(place)
        c.shmctl(number, 0, None)  # removed
    assert not postgres._is_attached([str(2**64 + key), str(number)])


async def test_two_on_one_folder_are_refused() -> None:
    with short_folder() as data, Children(data) as children:
        services.wait_until_ready(postgres, data, children.start(postgres.prepare(data)))
        with pytest.raises(Unavailable, match="Another PostgreSQL"):
            postgres.prepare(data)


def test_a_folder_of_another_version_is_explained(tmp_path: Path) -> None:
    cluster = tmp_path / "postgres"
    cluster.mkdir(mode=0o700)
    (cluster / "PG_VERSION").write_text("9\n")
    with pytest.raises(Unavailable, match="made by PostgreSQL 9"):
        postgres.prepare(tmp_path)


def test_why_it_does_not_start_is_told() -> None:
    with short_folder() as data, Children(data) as children:
        child = children.start(postgres.prepare(data, {"shared_buffers": "nonsense"}))
        with pytest.raises(Unavailable, match="nonsense"):
            services.wait_until_ready(postgres, data, child)
