"""The data folder: where each part stands, who may look in, and who works on it now.

DATA/postgres, DATA/valkey   what the embedded servers keep
DATA/run                     sockets, pid files, the lock, and the address of the last `up`
DATA/logs                    the latest lines of each process
DATA/media, DATA/secret.key  see server/media and server/secrets.py
"""

import fcntl
import hashlib
import json
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from server.embedded import processes
from server.errors import Conflict, Invalid
from server.settings import Settings

# sockaddr_un holds 108 bytes on Linux and 104 on macOS; the longest name is `.s.PGSQL.5432`.
_SOCKET_FOLDER_BYTES = 88
_WAIT_SECONDS = 20.0
_LOOK_SECONDS = 0.02
_ADDRESS = ("origin", "host", "port", "tls_cert", "tls_key")


def make_private(folder: Path) -> Path:
    """Make a folder that only we may enter, unless it exists: then it is left as it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def socket_folder(data: Path) -> Path:
    """Where the servers of this data folder have their sockets; the same in every process.

    DATA/run, or a short private folder in /tmp when that path is too long for a socket.
    """
    usual = data.resolve() / "run"
    if len(os.fsencode(usual)) <= _SOCKET_FOLDER_BYTES:
        return usual
    digest = hashlib.sha256(os.fsencode(usual)).hexdigest()[:16]
    return Path(f"/tmp/wandelgang-{digest}")  # noqa: S108 - must be short; checked when made


def make_socket_folder(data: Path) -> Path:
    """Make it if needed. Raises Conflict if somebody else stands on its name in /tmp."""
    folder = make_private(socket_folder(data))
    state = folder.lstat()
    usual = folder.parent == data.resolve()
    private = stat.S_ISDIR(state.st_mode) and stat.S_IMODE(state.st_mode) == 0o700
    ours = state.st_uid == os.geteuid() or os.geteuid() == 0
    if not usual and not (private and ours):
        raise Conflict(f"{folder} is not ours alone; remove it or choose a shorter data folder")
    return folder


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the folder: a `server` serves others, too, a `command` only itself."""

    kind: str
    pid: int
    origin: str

    @property
    def serves(self) -> bool:
        """Whether its database and queue may be used by others."""
        return self.kind == "server" and processes.start_mark(self.pid) is not None


@contextmanager
def hold(data: Path, holder: Holder, give_way: Callable[[Holder], bool]) -> Iterator[bool]:
    """Have the folder for the length of the block; waits while somebody else has it.

    Gives False, and the folder to the other, as soon as `give_way` says so of the other.
    Raises Conflict when it takes too long, Invalid for a folder in which nothing can be written.
    """
    try:
        opened = (make_private(make_private(data) / "run") / "lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise Invalid(
            f"Nothing can be written in {data}: {error.strerror}. Give another folder with --data."
        ) from error
    with opened as file:
        is_ours = _wait_for(file, give_way)
        if is_ours:
            file.truncate(0)
            file.write(f"{holder.kind} {holder.pid} {holder.origin}")
            file.flush()
        yield is_ours


def remember_address(data: Path, settings: Settings) -> None:
    """Keep for later commands at which address `up` serves this folder."""
    address = {name: str(getattr(settings, name) or "") for name in _ADDRESS}
    (data / "run" / "address").write_text(json.dumps(address), "utf-8")


def recall_address(data: Path) -> dict[str, str]:
    """The variables that tell at which address `up` served last; empty when it never did."""
    try:
        address: dict[str, str] = json.loads((data / "run" / "address").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {f"WANDELGANG_{name.upper()}": value for name, value in address.items()}


def find_holder(data: Path) -> Holder | None:
    """Who runs an instance on the folder now."""
    try:
        with (data / "run" / "lock").open(encoding="utf-8") as file:
            holder = _read_holder(file)
    except FileNotFoundError:
        return None
    return holder if holder and holder.serves else None


def _wait_for(file: TextIO, give_way: Callable[[Holder], bool]) -> bool:
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = _read_holder(file)
            if other and give_way(other):
                return False
        else:
            return True
        if time.monotonic() > deadline:
            raise Conflict(
                f"Another command of Wandelgang keeps {file.name} busy; try again later."
            )
        time.sleep(_LOOK_SECONDS)


def _read_holder(file: TextIO) -> Holder | None:
    file.seek(0)
    try:
        kind, pid, origin = file.read().split(" ")
    except ValueError:
        return None  # between taking the lock and writing into it
    return Holder(kind, int(pid), origin)
