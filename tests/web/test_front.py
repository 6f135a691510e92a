import asyncio

from tests.makers import Api


async def test_each_gets_an_answer_of_their_own_though_many_ask_at_once(
    anna: Api, ben: Api, stranger: Api
) -> None:
    status = await anna.post("/api/v1/statuses", status="seen by all")
    path = f"/api/v1/statuses/{status['id']}"
    await ben.post(f"{path}/favourite")
    askers = [anna, ben, stranger] * 5
    answers = await asyncio.gather(*(asker("GET", path) for asker in askers))
    shown = [answer.json().get("favourited") for answer in answers]
    assert shown == [False, True, None] * 5
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(askers)
    assert len({len(answer.headers.multi_items()) for answer in answers}) == 1
    private = await anna.post("/api/v1/statuses", status="for me", visibility="direct")
    answers = await asyncio.gather(
        *(asker("GET", f"/api/v1/statuses/{private['id']}") for asker in askers)
    )
    assert [answer.status_code for answer in answers] == [200, 404, 404] * 5


async def test_what_one_wrote_is_in_the_next_answer(anna: Api) -> None:
    status = await anna.post("/api/v1/statuses", status="mine")
    path = f"/api/v1/statuses/{status['id']}"

    async def ask_on() -> None:
        for _ in range(20):
            await anna.get(path)

    asking = [asyncio.create_task(ask_on()) for _ in range(5)]
    for wanted in [True, False] * 5:
        await anna.post(f"{path}/{'favourite' if wanted else 'unfavourite'}")
        assert (await anna.get(path))["favourited"] is wanted
    await asyncio.gather(*asking)


async def test_a_wrong_method_and_an_unknown_path(stranger: Api) -> None:
    answer = await stranger("PATCH", "/api/v2/instance")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert (await stranger("GET", "/api/v1/nothing")).status_code == 404
    assert (await stranger("GET", "/static/nothing")).status_code == 404
