import asyncio
import contextlib
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
import redis
import uvicorn
from click.testing import CliRunner, Result

from server.cli import serve
from server.cli.main import main
from server.embedded import processes, programs, services
from server.embedded.child import Program
from server.embedded.children import Children
from server.settings import Settings, load_settings
from server.store.migrate import migrate
from tests.certificates import certificate
from tests.servers import free_port, short_folder


def test_migrate_starts_the_database_for_itself() -> None:
    with short_folder() as data:
        first = CliRunner().invoke(main, ["migrate", "--data", str(data)])
        assert first.exit_code == 0, first.output
        assert "migrations applied" in first.stdout
        again = CliRunner().invoke(main, ["migrate", "--data", str(data)])
        assert again.stdout == "the tables are up to date\n"


@pytest.mark.parametrize(
    ("made_for", "code", "said"),
    [
        ("https://chat.example.org", 1, "they would be nobody"),
        ("http://localhost:3000", 0, "make them anew"),
    ],
)
def test_accounts_are_not_taken_to_another_origin(made_for: str, code: int, said: str) -> None:
    with short_folder() as data:

        def run(origin: str, *words: str) -> Result:
            environment = {"WANDELGANG_ORIGIN": origin}
            return CliRunner().invoke(main, [*words, "--data", str(data)], env=environment)

        assert run(made_for, "migrate").exit_code == 0
        person = ("user", "create", "anna", "--email", "a@a.org", "--password", "at least eight")
        assert run(made_for, *person).exit_code == 0
        moved = run("https://other.example.org", "migrate")
        assert (moved.exit_code, said in moved.output) == (code, True)
        assert f"made for {made_for}" in moved.output
        assert "made for" not in run(made_for, "migrate").output


def test_a_database_that_is_away_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    answer = subprocess.run(
        [sys.executable, "-m", "server.cli.main", "migrate", "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("Error: ")
    assert "Traceback" not in answer.stderr


def test_web_serves_alone_and_over_tls(settings: Settings, tmp_path: Path) -> None:
    issued = certificate(tmp_path, "localhost", 30)
    secure = replace(settings, port=free_port(), tls_cert=issued.cert, tls_key=issued.key)
    with Children(tmp_path) as children:
        words, environment = programs.command(secure, "web")
        child = children.start(
            Program("web", tuple(words), Path.cwd(), environment, stop_seconds=60)
        )
        trusted = ssl.create_default_context(cafile=issued.cert)
        assert answers(f"https://localhost:{secure.port}/health", trusted), child.log.last_lines(9)
    assert child.how_it_ended == "exit code 0"


def test_workers_work_alone(settings: Settings, tmp_path: Path) -> None:
    with Children(tmp_path) as children:
        words, environment = programs.command(settings, "worker")
        workers = [
            children.start(Program(name, tuple(words), Path.cwd(), environment, stop_seconds=60))
            for name in ("worker-1", "worker-2")
        ]
        with redis.Redis.from_url(settings.redis_url) as connection:

            def listen_all() -> bool:
                listeners = [c for c in connection.client_list() if c["psub"] != "0"]
                return len(listeners) == 2 * len(workers)  # for jobs, and for the moderators' rules

            assert eventually(listen_all), workers[0].log.last_lines(9)
    assert [child.how_it_ended for child in workers] == ["exit code 0", "exit code 0"]


@pytest.mark.parametrize("service", ["postgres", "valkey"])
def test_web_and_worker_end_while_a_server_of_theirs_is_frozen(
    service: str, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        data = stack.enter_context(short_folder())
        made = load_settings({}, data=data, port=free_port())
        named = stack.enter_context(services.running(made))
        asyncio.run(migrate(named.database_url))
        children = stack.enter_context(Children(tmp_path))
        ours = []
        for name in ("web", "worker"):
            words, environment = programs.command(named, name)
            program = Program(name, tuple(words), Path.cwd(), environment, stop_seconds=60)
            ours.append(children.start(program))
        assert eventually(lambda: are_at_work(named)), [one.log.last_lines(9) for one in ours]
        asyncio.run(freeze(service, named, stack))
        for child in ours:
            child.signal(signal.SIGTERM)
        for child in ours:
            assert child.wait(60), child.log.last_lines(9)
            assert child.how_it_ended == "exit code 0", child.log.last_lines(9)
            if service == "postgres":
                assert "the database does not answer" in child.log.last_lines(99)


def are_at_work(settings: Settings) -> bool:
    """Whether web answers, and the worker's clock goes."""
    with redis.Redis.from_url(settings.redis_url) as connection, contextlib.suppress(OSError):
        url = f"http://localhost:{settings.port}/health"
        with urllib.request.urlopen(url, timeout=5):
            return bool(connection.keys("arq:*"))
    return False


async def freeze(service: str, settings: Settings, stack: ExitStack) -> None:
    """Stop a server with all its processes, until the end of the stack."""
    connection = await asyncpg.connect(settings.database_url)
    server = processes.read_pid_file(settings.data / "run" / f"{service}.pid")
    assert server
    stop(server.pid, stack)  # first: from now on it starts no others
    if service == "postgres":
        for row in await connection.fetch("SELECT pid FROM pg_stat_activity"):
            if row["pid"] != connection.get_server_pid():
                stop(row["pid"], stack)
    await connection.close()


def stop(pid: int, stack: ExitStack) -> None:
    os.kill(pid, signal.SIGSTOP)
    stack.callback(os.kill, pid, signal.SIGCONT)


def test_what_clients_send_on_streams_is_short(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    configs: list[uvicorn.Config] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, **_: configs.append(self.config))
    with socket.socket() as listener:
        serve._serve(settings, listener)
    assert configs[0].ws_max_size <= 64 * 1024


def answers(url: str, context: ssl.SSLContext) -> bool:
    def ask() -> bool:
        try:
            with urllib.request.urlopen(url, context=context, timeout=60) as page:
                return bool(page.status == 200)
        except OSError:
            return False

    return eventually(ask)


def eventually(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.05)
    return False
