import asyncio

import pytest
from starlette.responses import Response

from server.runtime import Runtime
from tests.makers import Api, make_member
from tests.queries import count_queries
from web.answers import Answers

SET = "UPDATE markers SET last_read_id = $1"
GET = "SELECT last_read_id FROM markers"


class Marker:
    """A number in the database, and how often it was read."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.reads = 0
        self.status = 200

    async def answer(self) -> Response:
        self.reads += 1
        return Response(str(await self.runtime.db.fetchval(GET)), self.status)


@pytest.fixture
async def marker(runtime: Runtime) -> Marker:
    account = await make_member(runtime)
    await runtime.db.execute("INSERT INTO markers VALUES ($1, 'home', 0)", account.id)
    return Marker(runtime)


def lasting() -> Answers:
    """They are given again however long a machine takes from one question to the next."""
    answers = Answers()
    answers.SECONDS = 3600.0
    return answers


async def _ask(answers: Answers, marker: Marker) -> int:
    response = await answers.give(marker.runtime.db, "same", marker.answer)
    return int(bytes(response.body))


async def test_an_answer_is_given_again_until_something_is_written(marker: Marker) -> None:
    answers = lasting()
    assert [await _ask(answers, marker) for _ in range(5)] == [0] * 5
    assert marker.reads == 2  # the first one, and the one that was asked for again
    async with marker.runtime.db.acquire() as db, db.transaction():
        await db.execute(SET, 1)
        assert await _ask(answers, marker) == 0
    assert await _ask(answers, marker) == 1


async def test_no_answer_is_older_than_its_question_while_others_write(marker: Marker) -> None:
    answers, written, is_over = lasting(), 0, False

    async def write() -> None:
        nonlocal written, is_over
        for number in range(1, 60):
            await marker.runtime.db.execute(SET, number)
            written = number
            await asyncio.sleep(0.002 if number % 10 == 0 else 0)
        is_over = True

    async def read() -> None:
        while not is_over:
            least = written
            assert await _ask(answers, marker) >= least

    await asyncio.gather(write(), *(read() for _ in range(4)))
    assert await _ask(answers, marker) == 59


async def test_neither_old_answers_nor_refusals_are_given_again(marker: Marker) -> None:
    answers = Answers()
    answers.SECONDS = 0.0
    for _ in range(4):
        await _ask(answers, marker)
    assert marker.reads == 4
    answers.SECONDS, marker.status = 60.0, 206
    for _ in range(4):
        await _ask(answers, marker)
    assert marker.reads == 8


async def test_what_is_forgotten_is_made_anew(marker: Marker) -> None:
    answers = lasting()
    for _ in range(3):
        await _ask(answers, marker)
    answers.forget()
    await _ask(answers, marker)
    assert marker.reads == 3


async def test_a_page_that_is_asked_for_again_at_once_is_not_made_anew(
    anna: Api, ben: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answers, "SECONDS", 3600.0)
    home = "/api/v1/timelines/home"
    first = await anna.post("/api/v1/statuses", status="the first")
    for _ in range(2):
        await anna.get(home)
    with count_queries() as queries:
        shown = await anna.get(home)
    assert queries == []
    assert [status["id"] for status in shown] == [first["id"]]
    second = await anna.post("/api/v1/statuses", status="the second")
    assert (await anna.get(home))[0]["id"] == second["id"]
    assert await ben.get(home) == []


async def test_what_was_made_while_something_was_forgotten_is_not_kept(marker: Marker) -> None:
    answers = lasting()

    async def make() -> Response:
        response = await marker.answer()
        answers.forget()  # told meanwhile
        return response

    for _ in range(3):
        await answers.give(marker.runtime.db, "same", make)
    assert marker.reads == 3
