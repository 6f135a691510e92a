"""`wandelgang up`: all processes of an instance on one machine, started, watched and stopped.

The listening socket is the supervisor's, so that a web process which is started again loses no
connection. It imports little: what needs the database runs in processes of its own.
"""

import http.client
import os
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from server.embedded import folders, logs, ports, postgres, programs, services, valkey
from server.embedded.child import Child, Program
from server.embedded.children import Children
from server.errors import Conflict, ServerError, Unavailable
from server.settings import Settings

_SERVE_SECONDS = 60.0
_LOOK_SECONDS = 0.02
_HEALTHY_SECONDS = 30.0  # what lived so long is started again without a pause
_LONGEST_PAUSE_SECONDS = 30.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(settings: Settings, report: Callable[[str], None], on_serving: Callable[[], None]) -> None:
    """Start everything, call `on_serving`, then watch, until a signal raises SystemExit.

    `report` is told each step of starting. Raises Conflict for a taken port or folder,
    Unavailable when a part does not start.
    """
    ended: SimpleQueue[Child] = SimpleQueue()
    with ExitStack() as stack:
        stack.enter_context(_data_folder(settings))
        listener = stack.enter_context(ports.open_listener(settings.host, settings.port))
        children = stack.enter_context(Children(settings.data, ended.put))
        _stop_on_signals(children)
        folders.remember_address(settings.data, settings)
        for name in children.ended_leftovers:
            report(f"{name} was left over from an earlier start: ended")
        _start(settings, children, listener, report)
        on_serving()
        children.show_on_terminal(True)
        _watch(children, _Recipes(services.with_urls(settings), listener.fileno()), ended)


@contextmanager
def _data_folder(settings: Settings) -> Iterator[None]:
    """Have the data folder to ourselves. Raises Conflict when another `up` has it."""
    ours = folders.Holder("server", os.getpid(), settings.origin)
    others: list[folders.Holder] = []

    def give_way(other: folders.Holder) -> bool:
        if other.serves:
            others.append(other)
        return other.serves

    with folders.hold(settings.data, ours, give_way) as is_ours:
        if not is_ours:
            raise Conflict(
                f"Wandelgang already runs on {settings.data} (process {others[-1].pid}, "
                f"{others[-1].origin}). Stop it, or give this one a folder of its own with --data."
            )
        yield


def _stop_on_signals(children: Children) -> None:
    """The first signal unwinds and so stops everything in order; a second one kills."""

    def stop(*_: object) -> None:
        for number in _SIGNALS:
            signal.signal(number, lambda *_: children.kill())
        children.show_on_terminal(False)
        logs.print_line("up", "stopping; once more Ctrl-C stops at once")
        raise SystemExit(0)

    for number in _SIGNALS:
        signal.signal(number, stop)


def _start(
    settings: Settings, children: Children, listener: socket.socket, report: Callable[[str], None]
) -> None:
    started_at = time.monotonic()
    for child in services.start(settings, children):
        report(f"{child.name} runs ({time.monotonic() - started_at:.1f} s)")
    settings = services.with_urls(settings)
    report(_migrate(settings))
    recipes = _Recipes(settings, listener.fileno())
    processes = [children.start(recipes.make(name)) for name in recipes.own_names()]
    _wait_until_serving(settings, processes)
    report(f"web and worker run ({time.monotonic() - started_at:.1f} s)")


@dataclass(frozen=True, slots=True)
class _Recipes:
    """How each process is made, by name; again for each start."""

    settings: Settings
    listening_fd: int

    def own_names(self) -> list[str]:
        """Our own processes; the embedded services are started before them."""
        web = [f"web-{n + 1}" for n in range(self.settings.web_processes)]
        return web + [f"worker-{n + 1}" for n in range(self.settings.worker_processes)]

    def make(self, name: str) -> Program:
        """The program of that name. Raises Unavailable."""
        if name == "postgres":
            return postgres.prepare(self.settings.data)
        if name == "valkey":
            return valkey.prepare(self.settings.data)
        if name.startswith("web-"):
            return programs.web(self.settings, name, self.listening_fd)
        return programs.worker(self.settings, name)


def _migrate(settings: Settings) -> str:
    words, environment = programs.command(settings, "migrate")
    answer = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise Unavailable(f"The database could not be brought up to date.\n{answer.stderr.strip()}")
    return answer.stdout.strip()


def _wait_until_serving(settings: Settings, processes: list[Child]) -> None:
    """Return when an HTTP answer comes. Raises Unavailable when a process ends before."""
    deadline = time.monotonic() + _SERVE_SECONDS
    while not _answers(settings):
        for child in processes:
            if not child.is_running:
                raise Unavailable(f"{child.name} does not start:\n{child.log.last_lines(20)}")
        time.sleep(_LOOK_SECONDS)
        if time.monotonic() > deadline:
            raise Unavailable(f"Nothing is served yet. See {settings.data / 'logs'}.")


def _answers(settings: Settings) -> bool:
    """Ask once; the connection waits in the listening socket until a process takes it."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    connection = http.client.HTTPConnection(host, settings.port, timeout=1.0)
    if settings.tls_cert:
        blind = ssl._create_unverified_context()  # noqa: S323 - ourselves, by address
        connection = http.client.HTTPSConnection(host, settings.port, timeout=1.0, context=blind)
    with closing(connection):
        try:
            connection.request("GET", "/health", headers={"Host": settings.authority})
            return connection.getresponse().status < 500
        except OSError:
            return False


@dataclass(slots=True)
class _Pauses:
    """When what ended is started again: at once, then after a growing pause."""

    failures: dict[str, int] = field(default_factory=dict)
    due: dict[str, float] = field(default_factory=dict)

    def note_failure(self, name: str, lived_seconds: float) -> float:
        """Decide when to start it again; gives the pause in seconds."""
        failures = 0 if lived_seconds > _HEALTHY_SECONDS else self.failures.get(name, 0)
        pause = min(0.25 * ((1 << min(failures, 8)) - 1), _LONGEST_PAUSE_SECONDS)
        self.failures[name] = failures + 1
        self.due[name] = time.monotonic() + pause
        return pause

    def seconds_to_next(self) -> float | None:
        """How long nothing is due; None when nothing waits."""
        return max(0.0, min(self.due.values()) - time.monotonic()) if self.due else None

    def take_due(self) -> list[str]:
        """Names that are due now; they wait no longer."""
        now = time.monotonic()
        names = [name for name, at in self.due.items() if at <= now]
        for name in names:
            del self.due[name]
        return names


def _watch(children: Children, recipes: _Recipes, ended: "SimpleQueue[Child]") -> None:
    pauses = _Pauses()
    while True:
        try:
            child = ended.get(timeout=pauses.seconds_to_next())
        except Empty:
            pass
        else:
            pause = pauses.note_failure(child.name, time.monotonic() - child.started_at)
            again = f"in {pause:.0f} s" if pause >= 1 else "now"
            logs.print_line(
                "up", f"{child.name} ended ({child.how_it_ended}); it is started again {again}"
            )
        for name in pauses.take_due():
            try:
                children.start(recipes.make(name))
            except ServerError as error:
                logs.print_line("up", f"{name}: {error}")
                pauses.note_failure(name, 0.0)
