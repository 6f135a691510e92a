"""Small HTTP servers of the tests' own, each in a thread for the length of a block."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar

T = TypeVar("T")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # of five, the sixth who comes while we are busy waits for a second


@contextmanager
def serving(
    handler: type[BaseHTTPRequestHandler], make: Callable[[int], T], *, port: int = 0
) -> Iterator[T]:
    """What `make` makes of the port; handlers find it as `self.server.found`."""
    server = _Server(("127.0.0.1", port), handler)
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
