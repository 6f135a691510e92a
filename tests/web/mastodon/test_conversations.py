import httpx

from server.runtime import Runtime
from tests.makers import Api, id_of, make_member, make_token, run_jobs

PATH = "/api/v1/conversations"


async def whisper(api: Api, runtime: Runtime, text: str, **more: str) -> str:
    post = await api.post("/api/v1/statuses", status=text, visibility="direct", **more)
    await run_jobs(runtime)
    return str(post["id"])


async def test_each_circle_of_people_is_one(
    anna: Api, ben: Api, client: httpx.AsyncClient, runtime: Runtime
) -> None:
    carl = Api(client, await make_token(runtime, await make_member(runtime, "carl")))
    first = await whisper(anna, runtime, "@ben one")
    second = await whisper(ben, runtime, "@anna two", in_reply_to_id=first)
    wider = await whisper(ben, runtime, "@anna @carl three", in_reply_to_id=second)
    rows = await anna.get(PATH)
    assert [row["last_status"]["id"] for row in rows] == [wider, second]
    assert [sorted(a["acct"] for a in row["accounts"]) for row in rows] == [
        ["ben", "carl"],
        ["ben"],
    ]
    assert [row["last_status"]["id"] for row in await carl.get(PATH)] == [wider]
    answer = await anna("GET", f"{PATH}?limit=1")
    next_url = answer.headers["link"].partition(">")[0].removeprefix("<")
    assert [row["id"] for row in (await anna("GET", next_url)).json()] == [rows[1]["id"]]


async def test_read_unread_and_away(anna: Api, ben: Api, runtime: Runtime) -> None:
    await whisper(anna, runtime, "@ben psst")
    [own] = await anna.get(PATH)
    [row] = await ben.get(PATH)
    assert (own["unread"], row["unread"]) == (False, True)
    path = f"{PATH}/{row['id']}"
    for mark, unread in (("read", False), ("unread", True)):
        assert (await ben.post(f"{path}/{mark}"))["unread"] is unread
        assert (await anna("POST", f"{path}/{mark}")).status_code == 404
    assert (await anna("DELETE", path)).status_code == 404
    assert (await ben("DELETE", path)).json() == {}
    assert await ben.get(PATH) == []
    assert len(await anna.get(PATH)) == 1


async def test_who_is_blocked_reads_no_more(anna: Api, ben: Api, runtime: Runtime) -> None:
    await whisper(anna, runtime, "@ben secret")
    await anna.post(f"/api/v1/accounts/{await id_of(anna, 'ben')}/block")
    assert "secret" not in (await ben("GET", PATH)).text
    assert len(await anna.get(PATH)) == 1


async def test_the_last_one_deleted_leaves_the_one_before(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    first = await whisper(anna, runtime, "@ben one")
    second = await whisper(anna, runtime, "@ben two", in_reply_to_id=first)
    await anna("DELETE", f"/api/v1/statuses/{second}")
    for api in (anna, ben):
        assert [row["last_status"]["id"] for row in await api.get(PATH)] == [first]
    await anna("DELETE", f"/api/v1/statuses/{first}")
    assert await ben.get(PATH) == []


async def test_who_talks_to_nobody_else_finds_oneself(anna: Api, runtime: Runtime) -> None:
    await whisper(anna, runtime, "a note to myself")
    [row] = await anna.get(PATH)
    assert [a["acct"] for a in row["accounts"]] == ["anna"]
    assert row["unread"] is False


async def test_whom_one_blocks_or_mutes_opens_no_conversation(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    await anna.post(f"/api/v1/accounts/{await id_of(anna, 'ben')}/mute")
    await whisper(ben, runtime, "@anna psst")
    assert await anna.get(PATH) == []
    assert len(await ben.get(PATH)) == 1


async def test_pages_are_in_the_order_of_the_last_posts(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    first = await whisper(ben, runtime, "@anna one")
    second = await whisper(ben, runtime, "@anna two")
    third = await whisper(anna, runtime, "@ben three", in_reply_to_id=first)
    assert [row["last_status"]["id"] for row in await anna.get(PATH)] == [third, second]
    answer = await anna("GET", f"{PATH}?limit=1")
    assert answer.headers["link"] == (
        f'<http://localhost:3000{PATH}?limit=1&max_id={third}>; rel="next", '
        f'<http://localhost:3000{PATH}?limit=1&min_id={third}>; rel="prev"'
    )
