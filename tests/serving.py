"""Small HTTP servers of the tests' own, each in a thread for the length of a block."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def serving(
    handler: type[BaseHTTPRequestHandler], make: Callable[[int], T], *, port: int = 0
) -> Iterator[T]:
    """What `make` makes of the port; handlers find it as `self.server.found`."""
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    found = make(server.server_address[1])
    server.found = found  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
