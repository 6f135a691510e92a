"""Real servers for tests.

A PostgreSQL and a Valkey for each process of a run, and for journeys whole instances as processes
of their own.
"""

import asyncio
import contextlib
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import uuid4

import asyncpg
import redis

from server.embedded import folders, postgres, processes, services, valkey
from server.embedded.child import Child, Program
from server.embedded.children import Children
from server.store.migrate import migrate

T = TypeVar("T")
_TEMPLATE = "template_wandelgang"
# Nobody mourns what a test wrote, so nothing waits for the disk.
_HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "max_wal_size": "1GB",
}


_MEMORY = Path("/dev/shm")
_ROOMY_BYTES = 4 * 1024**3


def _is_roomy() -> bool:
    return os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOMY_BYTES


@contextmanager
def short_folder() -> Iterator[Path]:
    """A private folder whose path leaves room for the name of a socket.

    In memory where there is plenty of it: every test makes a database, some 400 files, which on a
    busy disk takes ten times as long as all else in the test.
    """
    folder = Path(tempfile.mkdtemp(prefix="wandelgang-", dir=_MEMORY if _is_roomy() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if folders.socket_folder(folder).parent != folder:
            shutil.rmtree(folders.socket_folder(folder), ignore_errors=True)


@contextmanager
def running_postgres() -> Iterator[Path]:
    """PostgreSQL with a migrated template, until the end of the block; gives its data folder."""
    with short_folder() as data, Children(data) as children:
        child = children.start(postgres.prepare(data, _HASTY))
        services.wait_until_ready(postgres, data, child)
        asyncio.run(_make_template(data))
        yield data


@contextmanager
def running_valkey() -> Iterator[str]:
    """Valkey until the end of the block; gives its URL."""
    with short_folder() as data, Children(data) as children:
        child = children.start(valkey.prepare(data))
        services.wait_until_ready(valkey, data, child)
        yield valkey.redis_url(data)


@asynccontextmanager
async def fresh_database(data: Path) -> AsyncIterator[str]:
    """A database of its own with all tables, dropped at the end of the block; gives its URL."""
    name = f"test_{os.getpid()}_{uuid4().hex[:12]}"
    await _execute(data, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY file_copy")
    try:
        yield postgres.database_url(data, name)
    finally:
        await _execute(data, f"DROP DATABASE {name} WITH (FORCE)")


async def _make_template(data: Path) -> None:
    await _execute(data, f"CREATE DATABASE {_TEMPLATE}")
    await migrate(postgres.database_url(data, _TEMPLATE))


async def _execute(data: Path, statement: str) -> None:
    connection = await asyncpg.connect(postgres.database_url(data))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def kept_open(context: AbstractAsyncContextManager[T]) -> AsyncIterator[T]:
    """Enter and leave a context in one and the same task, as task groups demand.

    A fixture's two halves run in different tasks.
    """
    opened: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    finished = asyncio.Event()

    async def keep() -> None:
        async with context as value:
            opened.set_result(value)
            await finished.wait()

    task = asyncio.create_task(keep())
    either: list[asyncio.Future[Any]] = [task, opened]
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        opened.cancel()
        task.result()
    try:
        yield opened.result()
    finally:
        finished.set()
        await task


class Instance:
    """A whole instance as a department runs it: `with Instance() as instance:`.

    It is `wandelgang up` on a free port with a data folder of its own, reached over HTTP and the
    command line alone. `environment` holds settings, like WANDELGANG_WORKER_PROCESSES="2"; with
    a certificate (WANDELGANG_TLS_CERT) it is reached over https.
    """

    def __init__(self, **environment: str) -> None:
        self.port = free_port()
        self.domain = f"localhost:{self.port}"
        self.url = f"http://{self.domain}"
        if "WANDELGANG_TLS_CERT" in environment:
            self.url = environment["WANDELGANG_ORIGIN"] = f"https://{self.domain}"
        limits = {"WANDELGANG_RATE_LIMIT_FACTOR": "0"}  # a story asks more often than people do
        self._environment = {**_bare_environment(), **limits, **environment}
        self._starts = 0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        folder = self._stack.enter_context(short_folder())
        self.data = folder / "data"
        self._children = self._stack.enter_context(Children(folder))
        with ExitStack() as if_it_fails:
            if_it_fails.push(self.__exit__)
            self.start()
            if_it_fails.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def start(self) -> None:
        """Start it and wait until it serves; again after `stop`, or when it was killed."""
        if self._starts:
            assert self._up.wait(60), self.output()
        words = ("up", "--data", str(self.data), "--port", str(self.port))
        self._up: Child = self._children.start(
            Program(
                name="up",
                command=(sys.executable, "-m", "server.cli.main", *words),
                folder=Path.cwd(),
                environment=self._environment,
                stop_seconds=40.0,
            )
        )
        self._starts += 1
        deadline = time.monotonic() + 120
        # Its own word counts: until then a part that ends is a start that failed.
        while self.output().count("Wandelgang serves at ") < self._starts:
            assert self._up.is_running, self._up.log.last_lines(40)
            assert time.monotonic() < deadline, self._up.log.last_lines(40)
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it as Ctrl-C does, and wait."""
        self._up.signal(signal.SIGINT)
        assert self._up.wait(40), self.output()

    def output(self) -> str:
        """What it wrote on the terminal, of all starts."""
        return self._up.log.last_lines(100_000)

    def wait_for_output(self, pattern: str) -> str:
        """What it wrote last that matches."""
        deadline = time.monotonic() + 120
        while not (found := re.findall(pattern, self.output())):
            assert time.monotonic() < deadline, f"{pattern} in: {self.output()}"
            time.sleep(0.02)
        return str(found[-1])

    def process(self, name: str) -> processes.Started:
        """One of its processes: postgres, valkey, web-1, worker-1; one that ended comes again."""
        deadline = time.monotonic() + 60
        while True:
            started = processes.read_pid_file(self.data / "run" / f"{name}.pid")
            if started and started.is_running:
                return started
            assert time.monotonic() < deadline, f"{name} does not run: {self.output()}"
            time.sleep(0.02)

    def kill(self, name: str) -> None:
        """Kill one of its processes (SIGKILL); `up` starts it again."""
        os.kill(self.process(name).pid, signal.SIGKILL)

    @contextmanager
    def left_alone(self) -> Iterator[None]:
        """What ends in the block is not started again before its end."""
        self._up.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._up.signal(signal.SIGCONT)

    def kill_worker(self) -> None:
        """Kill the worker in the middle of whatever it does."""
        self.kill("worker-1")

    def flush_valkey(self) -> None:
        """Empty its queue (FLUSHALL)."""
        with redis.Redis.from_url(valkey.redis_url(self.data)) as connection:
            connection.flushall()

    def command(self, *words: str) -> str:
        """What `wandelgang` prints on standard output."""
        answer = subprocess.run(
            [sys.executable, "-m", "server.cli.main", *words, "--data", str(self.data)],
            env={**self._environment, "WANDELGANG_PORT": str(self.port)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def make_members(self, *names: str, password: str) -> None:
        """Members who sign in with that password."""
        for name in names:
            email = f"{name}@example.org"
            self.command("user", "create", name, "--email", email, "--password", password)

    def create_user(self, name: str, scopes: str) -> str:
        """A member, and an access token for them."""
        words = ("user", "create", name, "--email", f"{name}@example.org", "--token", scopes)
        return self.command(*words).splitlines()[-1]


_SHARES = 8
_given_ports: set[int] = set()


def free_port() -> int:
    """A port on which nobody listens now; below those that the system gives to clients.

    It stays free for who listens there later, or again: each process of a run takes ports of a
    share of its own, and gives none twice.
    """
    share = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % _SHARES
    while True:
        port = random.randrange(10_000 + share, 30_000, _SHARES)
        if port in _given_ports:
            continue
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            _given_ports.add(port)
            return port


def _bare_environment() -> dict[str, str]:
    """The environment without settings that somebody made for an instance of their own."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL"} and not name.startswith("WANDELGANG_")
    }
