"""A line to a server that can be cut, or fall silent as behind a firewall."""

import asyncio
import contextlib
from urllib.parse import urlsplit


class Line:
    """To a server of which the URL is given; its own URL is what `lay` gives."""

    def __init__(self, url: str) -> None:
        self._there = urlsplit(url)
        self._is_silent = False
        self._is_deaf = False
        self._is_down = False
        self._ends: list[asyncio.StreamWriter] = []

    async def lay(self) -> str:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        database = "" if self._there.scheme == "unix" else self._there.path
        return f"redis://127.0.0.1:{port}{database}"

    def cut(self) -> None:
        """Ends what is connected; who connects again gets through."""
        for end in self._ends:
            end.transport.abort()

    def go_down(self) -> None:
        """Nobody gets through until `come_up`."""
        self._is_down = True
        self.cut()

    def come_up(self) -> None:
        """As it was."""
        self._is_down = False

    def fall_silent(self, *, for_all: bool = False) -> None:
        """Nothing passes and nothing ends, for those who are connected, or for whoever comes."""
        self._is_silent = True
        self._is_deaf = for_all

    def end(self) -> None:
        """Away for good."""
        self.cut()
        self._server.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_down:
            writer.close()
            return
        self._is_silent = self._is_deaf
        self._ends.append(writer)  # before all else: it may be cut while we reach the server
        if self._there.scheme == "unix":
            there = await asyncio.open_unix_connection(self._there.path)
        else:
            there = await asyncio.open_connection(self._there.hostname, self._there.port)
        self._ends.append(there[1])
        await asyncio.gather(self._copy(reader, there[1]), self._copy(there[0], writer))

    async def _copy(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(10_000):
                if not self._is_silent:
                    sink.write(data)
            sink.close()
