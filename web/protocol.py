"""uvicorn's HTTP, with the head of an answer and its body in one packet instead of two, and with
bounds for the heads of requests.

Each packet is a call of the kernel, which wakes the reader to read half an answer. The parser puts
together whatever comes as a header, of any length, and waits for its end for ever.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_LONGEST_HEAD = 64 * 1024
HEAD_SECONDS = 30.0
_TOO_LONG = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class Protocol(HttpToolsProtocol):
    """One connection."""

    _unread = 0  # bytes that are of no body, and of no head that has ended
    _giving_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Write through a transport that waits for what follows at once."""
        super().connection_made(_Joining(transport, self.loop))  # type: ignore[arg-type]
        self._giving_up = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for any more."""
        self._read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Refuse a head, or what follows a body, that has no end."""
        self._unread += len(data)
        super().data_received(data)
        if self._unread > _LONGEST_HEAD:
            self.transport.write(_TOO_LONG)
            self.transport.close()
        elif self._unread and self._giving_up is None:
            self._giving_up = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._read()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body is."""
        self._read()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All of it is."""
        self._read()
        super().on_message_complete()

    def _read(self) -> None:
        self._unread = 0
        if self._giving_up:
            self._giving_up.cancel()
            self._giving_up = None


class _Joining:
    """Sends together what is written in one turn of the loop."""

    __slots__ = ("_loop", "_transport", "_written")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._written: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._written:
            self._loop.call_soon(self._send)
        self._written.append(data)

    def close(self) -> None:
        self._send()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _send(self) -> None:
        data = b"".join(self._written)
        self._written.clear()
        if data and not self._transport.is_closing():  # who left needs nothing more
            self._transport.write(data)
