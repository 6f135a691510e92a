"""The listening socket: opened once by whoever starts the web processes, and shared by them."""

import contextlib
import errno
import socket
from pathlib import Path

from server.embedded import processes
from server.errors import Conflict, Invalid

_BACKLOG = 2048
_LISTENING = "0A"  # TCP_LISTEN (include/net/tcp_states.h)


def open_listener(host: str, port: int) -> socket.socket:
    """A listening socket, which child processes may inherit.

    Raises Conflict when somebody else listens there, Invalid when the address is not ours.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_BACKLOG)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise _explained(error, host, port) from error
    listener.set_inheritable(True)
    return listener


def port_owner(port: int) -> str:
    """Who listens on a port, as far as we may see: `process 123 (node)`, or empty."""
    inodes = _listening_inodes(port)
    for process in Path("/proc").glob("[0-9]*") if inodes else ():
        if inodes & _open_files(process):
            words = processes.command_line(int(process.name)).split()
            return f"process {process.name} ({Path(words[0]).name if words else '?'})"
    return ""


def _open_files(process: Path) -> set[str]:
    found = set()
    with contextlib.suppress(OSError):  # of somebody else, or just ended
        for link in (process / "fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(str(link.readlink()))
    return found


def _listening_inodes(port: int) -> set[str]:
    """Sockets that listen on a port, as /proc/PID/fd shows them; none where there is no /proc."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text("ascii").splitlines()[1:]:
                columns = line.split()
                if columns[3] == _LISTENING and int(columns[1].rpartition(":")[2], 16) == port:
                    found.add(f"socket:[{columns[9]}]")
    return found


def _explained(error: OSError, host: str, port: int) -> Conflict | Invalid:
    if error.errno == errno.EADDRINUSE:
        owner = port_owner(port) or "another program"
        return Conflict(
            f"Port {port} is taken by {owner}. Stop that, or choose another port, "
            f"like --port {port + 1}."
        )
    if error.errno == errno.EACCES:
        return Conflict(f"Port {port} is for root alone; choose one above 1023, like --port 3000.")
    return Invalid(f"This machine cannot listen on {host}: {error.strerror}. Try --host 127.0.0.1.")
