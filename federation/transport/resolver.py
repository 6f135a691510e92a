"""Where names lead: looked up beside everything else, and guarded.

A name is resolved once, its addresses are checked, and the connection goes to the checked address:
a DNS answer that changes in between changes nothing. Whoever has a name server that does not answer
holds up a thread for half a minute with each name below it, and a loop has two to four for all.
"""

import asyncio
import ipaddress
import socket
import threading
from concurrent.futures import Future
from contextlib import suppress
from typing import Any
from weakref import WeakValueDictionary

from aiohttp.abc import AbstractResolver, ResolveResult

from federation.errors import NotAllowed
from federation.transport.budget import registrable
from federation.transport.safety import AddressPolicy

_AT_ONCE = 64
_AT_ONCE_PER_DOMAIN = 8


class GuardedResolver(AbstractResolver):
    """Resolves names for the connector and gives it the allowed addresses alone."""

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._turns_of: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises NotAllowed when no address of the host may be talked to, OSError for none."""
        allowed = [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=found,
                proto=protocol,
                flags=socket.AI_NUMERICHOST,
            )
            for found, _, protocol, _, address in await self._look_up(host, port, family)
            if self._policy.is_allowed(host, port, ipaddress.ip_address(str(address[0])))
        ]
        if not allowed:
            raise NotAllowed(f"{host} stands on an address that we do not talk to")
        return allowed

    async def close(self) -> None:
        """Nothing is kept."""

    async def _look_up(self, host: str, port: int, family: socket.AddressFamily) -> list[Any]:
        """Few at once for each registered domain, so that nobody has all turns."""
        loop, name = asyncio.get_running_loop(), registrable(host)
        turns = self._turns_of.setdefault(name, asyncio.Semaphore(_AT_ONCE_PER_DOMAIN))
        await turns.acquire()
        try:
            await self._turns.acquire()
        except BaseException:
            turns.release()
            raise

        def give_back() -> None:
            turns.release()
            self._turns.release()

        def over(_: object) -> None:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(give_back)

        try:
            looking = _in_thread(host, port, family)
        except RuntimeError as error:  # the machine has no thread left
            give_back()
            raise OSError(f"{host} cannot be looked up now: {error}") from error
        looking.add_done_callback(over)  # who waits may leave: the thread has the turn
        return await asyncio.wrap_future(looking)


def _in_thread(host: str, port: int, family: socket.AddressFamily) -> Future[list[Any]]:
    """In one of its own, which nobody waits for when the process ends."""
    looking: Future[list[Any]] = Future()
    looking.set_running_or_notify_cancel()

    def look() -> None:
        try:
            looking.set_result(socket.getaddrinfo(host, port, family, socket.SOCK_STREAM))
        except Exception as error:  # noqa: BLE001 - whoever asked hears of it
            looking.set_exception(error)

    threading.Thread(target=look, name=f"look up {host}", daemon=True).start()
    return looking
