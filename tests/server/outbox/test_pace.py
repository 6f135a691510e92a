import asyncio
from contextlib import AsyncExitStack

import pytest

from server.outbox import pace
from server.outbox.pace import Pace


async def entered(paces: Pace, stack: AsyncExitStack, host: str, most: int) -> int:
    """How many at once are let in."""
    count = 0
    for _ in range(most):
        try:
            async with asyncio.timeout(0.02):
                await stack.enter_async_context(paces.place(host))
        except TimeoutError:
            break
        count += 1
    return count


async def test_a_host_gets_more_at_once_while_it_answers_quickly() -> None:
    paces = Pace()
    for expected in (1, 2, 3):
        async with AsyncExitStack() as stack:
            assert await entered(paces, stack, "a.example", 9) == expected
            paces.note("a.example", 0.1, is_well=True)
    for _ in range(20):
        paces.note("a.example", 0.1, is_well=True)
    async with AsyncExitStack() as stack:
        assert await entered(paces, stack, "a.example", 20) == 8
        assert await entered(paces, stack, "b.example", 9) == 1  # each host by itself
    paces.note("a.example", 5.0, is_well=True)
    async with AsyncExitStack() as stack:
        assert await entered(paces, stack, "a.example", 9) == 1


async def test_what_waits_behind_a_failure_is_told() -> None:
    paces = Pace()
    async with paces.place("a.example") as is_well:
        assert is_well
        paces.note("a.example", 0.1, is_well=False)
    async with paces.place("a.example") as is_well:
        assert not is_well
    async with paces.place("b.example"):
        assert paces.resting() == ["a.example"]


async def test_those_of_long_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_REMEMBERED", 3)
    paces = Pace()
    for number in range(10):
        async with paces.place(f"{number}.example"):
            pass
    assert len(paces._hosts) == 3
