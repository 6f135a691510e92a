import asyncio

from server.media.turns import turn


async def crowd() -> int:
    """How many of five held a turn at once."""
    held: list[int] = []
    most = 0

    async def one() -> None:
        nonlocal most
        async with turn("tests", 2):
            held.append(1)
            most = max(most, len(held))
            await asyncio.sleep(0)
            held.pop()

    await asyncio.gather(*(one() for _ in range(5)))
    return most


def test_so_many_hold_a_turn_at_once_in_each_event_loop() -> None:
    assert [asyncio.run(crowd()) for _ in range(2)] == [2, 2]
