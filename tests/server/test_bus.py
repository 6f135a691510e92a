import asyncio

from server.bus import Bus


async def test_a_message_reaches_who_listens(redis_url: str) -> None:
    bus = Bus(redis_url)
    listener = bus.listen("jobs:*")
    assert await anext(listener) == ("", "")  # connected
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
    listening = asyncio.ensure_future(anext(bus.listen("jobs:*")))
    await asyncio.sleep(0.05)
    assert not listening.done()
    listening.cancel()
    await bus.close()
