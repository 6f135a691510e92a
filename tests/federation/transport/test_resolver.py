import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from federation.transport.resolver import GuardedResolver
from federation.transport.safety import AddressPolicy


@pytest.fixture
def silence(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Names below slow.test have a name server that answers when this is set."""
    answers = threading.Event()

    def resolve(host: str, port: int, *_: Any) -> Any:
        if host.endswith("slow.test"):
            answers.wait()
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    yield answers
    answers.set()


async def test_a_name_server_that_does_not_answer_holds_up_nobody(
    silence: threading.Event,
) -> None:
    resolver = GuardedResolver(AddressPolicy())
    held = [asyncio.create_task(resolver.resolve(f"{n}.slow.test", 443)) for n in range(100)]
    await asyncio.sleep(0.05)
    assert sum(one.name.endswith("slow.test") for one in threading.enumerate()) == 8
    for number in range(20):
        async with asyncio.timeout(60):
            await resolver.resolve(f"quick{number}.test", 443)
    for task in held[:50]:  # who left has no turn to give
        task.cancel()
    await asyncio.sleep(0.05)
    assert sum(one.name.endswith("slow.test") for one in threading.enumerate()) == 8
    silence.set()
    answers = await asyncio.gather(*held[50:])
    assert {found["host"] for [found] in answers} == {"1.1.1.1"}


async def test_a_name_that_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    resolver = GuardedResolver(AddressPolicy())
    for _ in range(20):
        with pytest.raises(OSError, match="unknown"):
            await resolver.resolve("nowhere.test", 443)


async def test_no_test_asks_a_name_server() -> None:
    with pytest.raises(OSError, match="no test asks"):
        await GuardedResolver(AddressPolicy()).resolve("example.org", 443)


async def test_a_machine_without_threads_loses_no_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    resolver = GuardedResolver(AddressPolicy())
    with monkeypatch.context() as busy:
        busy.setattr(threading.Thread, "start", refuse)
        for number in range(100):
            with pytest.raises(OSError, match="looked up now"):
                await resolver.resolve(f"{number}.test", 443)
    async with asyncio.timeout(60):
        [found] = await resolver.resolve("1.1.1.1", 443)
    assert found["host"] == "1.1.1.1"
