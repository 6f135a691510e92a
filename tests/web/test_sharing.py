import asyncio

import pytest

from web.sharing import Sharing


class World:
    """Something that changes, and that takes a while to be told."""

    def __init__(self) -> None:
        self.state = 0
        self.runs = 0
        self.may_end = asyncio.Event()

    async def tell(self) -> int:
        self.runs += 1
        seen = self.state
        await self.may_end.wait()
        return seen


async def test_those_who_come_together_share_one_run() -> None:
    world, sharing = World(), Sharing[int]()
    world.may_end.set()
    answers = await asyncio.gather(*(sharing.share("same", world.tell) for _ in range(50)))
    assert answers == [0] * 50
    assert world.runs == 1
    await sharing.share("same", world.tell)
    assert world.runs == 2


async def test_no_answer_is_older_than_its_question() -> None:
    world, sharing = World(), Sharing[int]()
    early = asyncio.create_task(sharing.share("same", world.tell))
    await asyncio.sleep(0.01)  # it has looked
    world.state = 1
    late = [asyncio.create_task(sharing.share("same", world.tell)) for _ in range(5)]
    await asyncio.sleep(0.01)
    world.may_end.set()
    assert await early == 0
    assert await asyncio.gather(*late) == [1] * 5
    assert world.runs == 2


async def test_other_questions_wait_for_nobody() -> None:
    world, other, sharing = World(), World(), Sharing[int]()
    other.may_end.set()
    slow = asyncio.create_task(sharing.share("slow", world.tell))
    assert await sharing.share("other", other.tell) == 0
    world.may_end.set()
    assert await slow == 0


async def test_who_leaves_ends_it_for_nobody_else_and_errors_reach_all() -> None:
    world, sharing = World(), Sharing[int]()
    first = asyncio.create_task(sharing.share("same", world.tell))
    second = asyncio.create_task(sharing.share("same", world.tell))
    await asyncio.sleep(0.01)
    first.cancel()
    world.may_end.set()
    assert await second == 0

    async def fail() -> int:
        await asyncio.sleep(0)
        raise ValueError("no")

    outcomes = await asyncio.gather(
        *(sharing.share("bad", fail) for _ in range(3)), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [ValueError] * 3
    with pytest.raises(ValueError, match="no"):
        await sharing.share("bad", fail)
