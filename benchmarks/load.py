"""A load generator that costs less than what it measures: raw keep-alive connections, httptools."""

import asyncio
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

import httptools


@dataclass(slots=True)
class Result:
    """Times of each answer in seconds, and how many were not 2xx."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def per_second(self) -> float:
        """Answers per second of wall time."""
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Time in milliseconds below which that share of the answers lies."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0


def request_bytes(
    url: str,
    token: str = "",
    method: str = "GET",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A whole HTTP/1.1 request, ready to be written."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    fields = {"Host": parts.netloc, **(headers or {})}
    if token:
        fields["Authorization"] = f"Bearer {token}"
    if body:
        fields = {"Content-Type": "application/json", **fields, "Content-Length": str(len(body))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def run_load(
    address: tuple[str, int],
    next_request: Callable[[], bytes | None],
    connections: int,
    seconds: float = math.inf,
) -> Result:
    """Send requests over that many connections, each after the answer before.

    Ends after the time, or when `next_request` gives None.
    """
    result = Result()
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    ends = start + seconds
    protocols = [_Client(next_request, result, ends) for _ in range(connections)]
    for protocol in protocols:
        await loop.create_connection(partial(_itself, protocol), *address)
    await asyncio.gather(*(protocol.finished for protocol in protocols))
    result.seconds = time.perf_counter() - start
    return result


def _itself(protocol: "_Client") -> "_Client":
    return protocol


class _Client(asyncio.Protocol):
    def __init__(
        self, next_request: Callable[[], bytes | None], result: Result, ends: float
    ) -> None:
        self._next_request = next_request
        self._result = result
        self._ends = ends
        self._parser = httptools.HttpResponseParser(self)
        self._sent = 0.0
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._send(time.perf_counter())

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        now = time.perf_counter()
        self._result.times.append(now - self._sent)
        if not 200 <= self._parser.get_status_code() < 300:
            self._result.errors += 1
        self._parser = httptools.HttpResponseParser(self)
        self._send(now)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.finished.done():
            self.finished.set_result(None)

    def _send(self, now: float) -> None:
        request = self._next_request() if now < self._ends else None
        if request is None:
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table, the first one its head."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *lines[1:]])
