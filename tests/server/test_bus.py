import asyncio

import pytest

from server import bus as module
from server.bus import CONNECTED, LOST, Bus
from tests.line import Line


async def test_a_message_reaches_who_listens(redis_url: str) -> None:
    bus = Bus(redis_url)
    listener = bus.listen("jobs:*")
    assert await anext(listener) == ("", CONNECTED)
    for message in ("other", "1"), ("jobs:a", "2"), ("jobs:a", "2"), ("jobs:b", "3"):
        bus.publish([message])  # together, and equal ones once
    assert await anext(listener) == ("jobs:a", "2")
    assert await anext(listener) == ("jobs:b", "3")
    await listener.aclose()
    await bus.close()


async def test_a_server_that_is_away_costs_the_message_and_nothing_else() -> None:
    bus = Bus("redis://127.0.0.1:1")
    bus.publish([("jobs:a", "1")])
    assert not await bus.ping()
    listener = bus.listen("jobs:*")
    assert await anext(listener) == ("", LOST)
    await listener.aclose()
    await bus.close()


@pytest.mark.parametrize("fate", ["cut", "fall_silent"])
async def test_a_lost_connection_is_told_and_made_again(
    redis_url: str, monkeypatch: pytest.MonkeyPatch, fate: str
) -> None:
    monkeypatch.setattr(module, "_QUIET_SECONDS", 0.1)
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0.01)
    line, speaker = Line(redis_url), Bus(redis_url)
    bus = Bus(await line.lay())
    listener = bus.listen("jobs:*")
    assert await anext(listener) == ("", CONNECTED)
    waiting = asyncio.ensure_future(anext(listener))
    await asyncio.sleep(0.5)
    assert not waiting.done()  # quiet is not lost
    with monkeypatch.context() as hurry:
        hurry.setattr(module, "_SILENCE_SECONDS", 0.1)
        getattr(line, fate)()
        assert await waiting == ("", LOST)
    assert await anext(listener) == ("", CONNECTED)
    speaker.publish([("jobs:a", "1")])
    assert await anext(listener) == ("jobs:a", "1")
    await listener.aclose()
    await bus.close()
    await speaker.close()
    line.end()


async def test_a_server_that_falls_silent_holds_nobody_up(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(redis_url)
    bus = Bus(await line.lay())
    heard: list[str] = []
    bus.hear_own("rules", heard.append)
    assert await bus.ping()
    monkeypatch.setattr(module, "_ANSWER_SECONDS", 0.2)
    line.fall_silent()
    bus.publish([("rules", "1"), ("other", "2")])
    assert heard == ["1"]  # at once, and whatever becomes of the message
    async with asyncio.timeout(60):
        await bus.flush()
    await bus.close()
    line.end()


async def test_who_listens_can_be_cancelled_at_any_step(redis_url: str) -> None:
    bus = Bus(redis_url)

    async def listen() -> None:
        async for _ in bus.listen("jobs:*"):
            pass

    tasks = []
    for steps in range(40):
        tasks.append(asyncio.create_task(listen()))
        for _ in range(steps):
            await asyncio.sleep(0)
        tasks[-1].cancel()
    ended, _ = await asyncio.wait(tasks, timeout=60)
    assert len(ended) == 40
    await bus.close()
