from typing import Any
from urllib.parse import quote

import httpx
import pytest

from server.actions import custom_emojis
from server.runtime import Runtime
from server.store.local_accounts import set_suspended
from tests.makers import (
    Api,
    copies_of,
    id_of,
    make_member,
    make_remote,
    make_status,
    make_token,
    run_jobs,
    take,
)
from tests.pictures import picture
from tests.queries import count_queries


def path_of(status: int | str, emoji: str = "") -> str:
    end = f"/{quote(emoji)}" if emoji else ""
    return f"/api/v1/pleroma/statuses/{status}/reactions{end}"


async def seen(api: Api, status: int | str) -> list[tuple[str, int, bool]]:
    found = await api.get(f"/api/v1/statuses/{status}")
    assert found["reactions"] == found["emoji_reactions"] == found["pleroma"]["emoji_reactions"]
    return [(r["name"], r["count"], r["me"]) for r in found["reactions"]]


async def post_of(api: Api, **more: str) -> str:
    return str((await api.post("/api/v1/statuses", status="hello", **more))["id"])


async def test_several_by_each_person_and_away_again(anna: Api, ben: Api, stranger: Api) -> None:
    status = await post_of(anna)
    for emoji in ("🔥", "❤", "❤️", "👩‍👩‍👧‍👦"):
        answer = await ben("PUT", path_of(status, emoji))
        assert answer.status_code == 200
    assert [r["name"] for r in answer.json()["reactions"]] == ["🔥", "❤️", "👩‍👩‍👧‍👦"]
    await anna("PUT", path_of(status, "🔥"))
    assert await seen(anna, status) == [("🔥", 2, True), ("❤️", 1, False), ("👩‍👩‍👧‍👦", 1, False)]
    assert await seen(stranger, status) == [
        ("🔥", 2, False),
        ("❤️", 1, False),
        ("👩‍👩‍👧‍👦", 1, False),
    ]
    for _ in range(2):
        answer = await ben("DELETE", path_of(status, "❤"))
        assert answer.status_code == 200
    assert await seen(ben, status) == [("🔥", 2, True), ("👩‍👩‍👧‍👦", 1, True)]


async def test_a_boost_shows_and_takes_those_of_its_original(anna: Api, ben: Api) -> None:
    status = await post_of(anna)
    boost = await ben.post(f"/api/v1/statuses/{status}/reblog")
    await anna.post(f"/api/v1/statuses/{boost['id']}/react/{quote('☕')}")
    assert await seen(anna, status) == await seen(anna, boost["id"]) == [("☕", 1, True)]
    assert [
        r["me"] for r in (await ben.get(f"/api/v1/statuses/{boost['id']}"))["reblog"]["reactions"]
    ] == [False]
    assert len(await anna.get(path_of(boost["id"]))) == 1
    await anna.post(f"/api/v1/statuses/{boost['id']}/unreact/{quote('☕')}")
    assert await seen(anna, status) == []


async def test_who_reacted(anna: Api, ben: Api, stranger: Api, runtime: Runtime) -> None:
    status = await post_of(anna)
    for api, emoji in ((ben, "🔥"), (anna, "🔥"), (ben, "☕")):
        await api("PUT", path_of(status, emoji))
    listed = await stranger.get(path_of(status))
    people = [(r["name"], r["count"], [a["acct"] for a in r["accounts"]]) for r in listed]
    assert people == [("🔥", 2, ["ben", "anna"]), ("☕", 1, ["ben"])]
    one = await anna.get(path_of(status, "🔥"))
    assert [(r["name"], r["me"]) for r in one] == [("🔥", True)]
    assert await anna.get(path_of(status, "🎉")) == []
    with count_queries() as few:
        await anna.get(path_of(status))
    for number in range(4):
        carl = await make_member(runtime, f"carl{number}")
        api = Api(anna._client, await make_token(runtime, carl))
        await api("PUT", path_of(status, "🎉"))
    with count_queries() as many:
        await anna.get(path_of(status))
    assert len(many) == len(few)
    await anna.post(f"/api/v1/accounts/{await id_of(anna, 'ben')}/mute")
    hidden = await anna.get(path_of(status))
    assert [(r["name"], r["count"]) for r in hidden] == [("🔥", 1), ("🎉", 4)]


async def test_more_reactions_cost_no_more_queries(anna: Api, ben: Api) -> None:
    ids = [await post_of(anna) for _ in range(5)]
    await ben.get("/api/v1/timelines/public")
    with count_queries() as before:
        await ben.get("/api/v1/timelines/public")
    for status in ids:
        for emoji in ("🔥", "☕"):
            await ben("PUT", path_of(status, emoji))
    await anna.get("/api/v1/timelines/public")
    with count_queries() as after:
        shown = await ben.get("/api/v1/timelines/public")
    assert [len(s["reactions"]) for s in shown] == [2] * 5
    assert all(r["me"] for s in shown for r in s["reactions"])
    assert len(after) == len(before)


@pytest.mark.parametrize("odd", ["x", "🔥🔥", ":nothing:", "nothing@far.example", "%00", "<b>"])
async def test_what_is_no_emoji_is_refused(anna: Api, odd: str) -> None:
    status = await post_of(anna)
    answer = await anna("PUT", path_of(status, odd))
    assert answer.status_code == 422
    assert answer.json() == {"error": "Validation failed: Name is not a recognized emoji"}
    assert (await anna("GET", path_of(status, odd))).status_code in {200, 404}


async def test_there_is_an_end_to_it(anna: Api) -> None:
    status = await post_of(anna)
    codes = [(await anna("PUT", path_of(status, chr(0x1F600 + n)))).status_code for n in range(18)]
    assert codes == [200] * 16 + [422] * 2
    assert (await anna("PUT", path_of(status, "😀"))).status_code == 200


async def test_only_who_sees_the_post(
    anna: Api, ben: Api, stranger: Api, client: httpx.AsyncClient, runtime: Runtime
) -> None:
    private, public = await post_of(anna, visibility="private"), await post_of(anna)
    await anna("PUT", path_of(private, "🔥"))
    await anna.post(f"/api/v1/accounts/{await id_of(anna, 'ben')}/block")
    for api, status in ((ben, private), (ben, public), (stranger, private)):
        assert (await api("GET", path_of(status))).status_code == 404
        assert (await api("GET", path_of(status, "🔥"))).status_code == 404
    for status in (private, public):
        assert (await ben("PUT", path_of(status, "🔥"))).status_code == 404
        assert (await ben("DELETE", path_of(status, "🔥"))).status_code == 404
    assert (await stranger("PUT", path_of(public, "🔥"))).status_code == 401
    carl = await make_member(runtime, "carl")
    reader = Api(client, await make_token(runtime, carl, "read"))
    assert (await reader("PUT", path_of(public, "🔥"))).status_code == 403
    assert await seen(anna, public) == []


async def test_those_of_a_suspended_person_vanish_and_come_back(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    status = await post_of(anna)
    await ben("PUT", path_of(status, "🔥"))
    ben_id = int(await id_of(anna, "ben"))
    for is_suspended in (True, False):
        await set_suspended(runtime.db, ben_id, is_suspended=is_suspended)
        expected = [] if is_suspended else [("🔥", 1, False)]
        assert await seen(anna, status) == expected
        assert len(await anna.get(path_of(status))) == len(expected)


async def test_the_author_is_told_once_of_each_person(anna: Api, ben: Api) -> None:
    status = await post_of(anna)
    for emoji in ("🔥", "☕"):
        await ben("PUT", path_of(status, emoji))
    await anna("PUT", path_of(status, "🔥"))
    [told] = await anna.get("/api/v1/notifications")
    assert (told["type"], told["emoji"], told["emoji_url"]) == (
        "pleroma:emoji_reaction",
        "☕",
        None,
    )
    assert (told["account"]["acct"], told["status"]["id"]) == ("ben", status)
    assert await anna.get("/api/v1/notifications", **{"types[]": "favourite"}) == []
    assert len(await anna.get("/api/v1/notifications", **{"types[]": told["type"]})) == 1
    await ben("DELETE", path_of(status, "☕"))
    assert [n["emoji"] for n in await anna.get("/api/v1/notifications")] == ["🔥"]
    await ben("DELETE", path_of(status, "🔥"))
    assert await anna.get("/api/v1/notifications") == []


async def test_a_custom_emoji_of_elsewhere_can_be_joined(anna: Api, runtime: Runtime) -> None:
    author = await make_member(runtime, "carl")
    status = await make_status(runtime, author)
    remy = await make_remote(runtime)
    await take(
        runtime,
        "EmojiReact",
        remy,
        runtime.addresses.status_uri(status),
        content=":blob:",
        tag=[emoji_tag()],
    )
    assert await seen(anna, status) == [("blob@far.example", 1, False)]
    answer = await anna("PUT", path_of(status, ":blob@far.example:"))
    [reaction] = answer.json()["reactions"]
    assert reaction == {
        "name": "blob@far.example",
        "count": 2,
        "me": True,
        **copies_of(runtime, "https://far.example/blob.png"),
    }
    assert (await anna("PUT", path_of(status, "blob"))).status_code == 422
    [listed] = await anna.get(path_of(status, "blob@far.example"))
    assert len(listed["accounts"]) == 2
    await anna("DELETE", path_of(status, "blob@far.example"))
    assert await seen(anna, status) == [("blob@far.example", 1, False)]
    await run_jobs(runtime)


async def test_one_of_ours_keeps_its_picture_until_it_is_gone(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    await custom_emojis.add_emoji(runtime, "blob", picture())
    status = await post_of(anna)
    answer = await ben("PUT", path_of(status, ":blob:"))
    [reaction] = answer.json()["reactions"]
    assert (reaction["name"], reaction["me"]) == ("blob", True)
    assert (await anna("GET", reaction["url"])).headers["content-type"] == "image/png"
    [told] = await anna.get("/api/v1/notifications")
    assert (told["emoji"], told["emoji_url"]) == (":blob:", reaction["url"])
    grouped = await anna.get("/api/v2/notifications")
    assert grouped["notification_groups"][0]["emoji"] == ":blob:"
    await custom_emojis.add_emoji(runtime, "blob", picture())
    [again] = (await anna.get(f"/api/v1/statuses/{status}"))["reactions"]
    assert again["url"] != reaction["url"]
    assert (await anna("GET", again["url"])).status_code == 200
    await custom_emojis.remove_emoji(runtime, None, "blob")
    assert await seen(anna, status) == []
    assert await anna.get("/api/v1/notifications") == []


def emoji_tag(name: str = "blob", host: str = "far.example") -> dict[str, Any]:
    icon = {"type": "Image", "url": f"https://{host}/{name}.png"}
    return {"type": "Emoji", "id": f"https://{host}/{name}", "name": f":{name}:", "icon": icon}
