from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from server.runtime import Runtime
from server.search.index import index_statuses
from server.store import follows, status_writes, users
from server.store.local_accounts import set_suspended
from tests.makers import Api, make_member, make_remote, make_token
from tests.neighbour import neighbour
from tests.queries import count_queries

PATH = "/api/v2/search"


async def test_people_and_tags_by_what_is_typed(anna: Api, ben: Api) -> None:
    await anna.post("/api/v1/statuses", status="#Benches are #fine")
    found = await anna.get(PATH, q="ben")
    assert [a["acct"] for a in found["accounts"]] == ["ben"]
    assert [t["name"] for t in found["hashtags"]] == ["Benches"]
    assert [s["content"] for s in found["statuses"]] != []
    assert (await ben.get(PATH, q="ben"))["statuses"] == []
    assert [t["name"] for t in (await anna.get(PATH, q="#FI"))["hashtags"]] == ["fine"]
    only = await anna.get(PATH, q="ben", type="hashtags")
    assert (only["accounts"], len(only["hashtags"])) == ([], 1)


@pytest.mark.parametrize(
    "text",
    ["@", "#", "@@@", "https://", "http://[", "%", "\\", "_", "'", "a' | 'b", ":*", "!", "-"],
)
async def test_odd_texts_do_no_harm(anna: Api, stranger: Api, text: str) -> None:
    for api, more in ((anna, {"resolve": "true"}), (stranger, {})):
        found = await api.get(PATH, q=text, **more)
        assert (found["accounts"], found["statuses"]) == ([], [])


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": ""},
        {"q": " "},
        {"q": "a\x00"},
    ],
)
async def test_what_cannot_be_asked(anna: Api, query: dict[str, str]) -> None:
    answer = await anna("GET", PATH, params=query)
    assert (answer.status_code, set(answer.json())) == (400, {"error"})


@pytest.mark.parametrize("name", ["limit", "account_id", "max_id"])
@pytest.mark.parametrize("value", ["x", str(2**70)])
async def test_numbers_that_are_none_are_no_refusal(anna: Api, name: str, value: str) -> None:
    answer = await anna("GET", PATH, params={"q": "a", name: value})
    assert (answer.status_code, answer.json()["statuses"]) == (200, [])


async def test_elsewhere_is_asked_for_members_who_want_it_alone(
    anna: Api, stranger: Api, runtime: Runtime
) -> None:
    with neighbour() as home:
        note = home.note(home.actor("bob"), "1")
        for text in (note["id"], f"@bob@{home.domain}"):
            nothing = await stranger.get(PATH, q=text)
            assert set(nothing) == {"accounts", "statuses", "hashtags", "collections"}
            assert not any(nothing.values())
            assert await anna.get(PATH, q=text) == nothing
        [bob] = (await anna.get(PATH, q=f"@bob@{home.domain}", resolve="true"))["accounts"]
        assert bob["acct"] == f"bob@{home.domain}"
        [status] = (await anna.get(PATH, q=note["id"], resolve="true"))["statuses"]
        assert status["uri"] == note["id"]
    # Known by now, also while its home is away, and whoever asks.
    [again] = (await stranger.get(PATH, q=note["id"]))["statuses"]
    assert again["id"] == status["id"]
    by_actor = await stranger.get(PATH, q=bob["uri"], type="statuses")
    assert by_actor["accounts"] == []
    assert [a["id"] for a in (await stranger.get(PATH, q=bob["uri"]))["accounts"]] == [bob["id"]]


async def test_strangers_get_the_first_page_of_what_is_known(anna: Api, stranger: Api) -> None:
    await anna.post("/api/v1/statuses", status="hello #world")
    found = await stranger.get(PATH, q="world")
    assert (found["statuses"], [t["name"] for t in found["hashtags"]]) == ([], ["world"])
    for more, text in (({"offset": "0"}, "pagination"), ({"resolve": "true"}, "resolve")):
        answer = await stranger("GET", PATH, params={"q": "world", **more})
        assert answer.status_code == 401
        assert text in answer.json()["error"]


async def test_scopes(runtime: Runtime, client: httpx.AsyncClient) -> None:
    token = await make_token(runtime, await make_member(runtime, "carla"), "write")
    for path in (PATH, "/api/v1/search", "/api/v1/accounts/search"):
        answer = await Api(client, token)("GET", path, params={"q": "a"})
        assert answer.status_code == 403, path


async def test_the_first_version_has_bare_names(anna: Api, stranger: Api) -> None:
    await anna.post("/api/v1/statuses", status="hello #world")
    found = await anna.get("/api/v1/search", q="world")
    assert (found["hashtags"], len(found["statuses"])) == (["world"], 1)
    assert (await stranger("GET", "/api/v1/search", params={"q": "a"})).status_code == 401


async def test_absurd_numbers_do_no_harm(anna: Api) -> None:
    await anna.post("/api/v1/statuses", status="hello")
    for more in ({"offset": str(2**70)}, {"max_id": "9" * 30}, {"limit": "0"}):
        await anna.get(PATH, q="hello", type="statuses", **more)
    for more in ({"max_id": "x"}, {"account_id": "x"}, {"account_id": str(2**70)}):
        assert (await anna.get(PATH, q="hello", type="statuses", **more))["statuses"] == []
    assert (await anna.get(PATH, q="hello", type="statuses", limit="x"))["statuses"]
    for wrong in ("offset", "limit"):
        answer = await anna("GET", PATH, params={"q": "hello", wrong: "-5"})
        assert (answer.status_code, answer.json()) == (
            400,
            {"error": "Pagination values for `offset` and `limit` must be positive"},
        )


async def test_pages_of_posts(anna: Api) -> None:
    ids = [(await anna.post("/api/v1/statuses", status=f"note {n}"))["id"] for n in range(5)]
    newest = ids[::-1]

    async def found(**more: Any) -> list[str]:
        answer = await anna.get(PATH, q="note", type="statuses", **more)
        return [s["id"] for s in answer["statuses"]]

    assert await found() == newest
    assert await found(limit="2") == newest[:2]
    assert await found(limit="2", offset="2") == newest[2:4]
    assert await found(max_id=newest[1]) == newest[2:]
    assert await found(min_id=newest[2]) == newest[:2]
    # Without a type there is one page.
    assert len((await anna.get(PATH, q="note", offset="4"))["statuses"]) == 5


async def test_posts_of_one_account(anna: Api, ben: Api) -> None:
    for api in (anna, ben):
        await api("PATCH", "/api/v1/accounts/update_credentials", json={"indexable": True})
        await api.post("/api/v1/statuses", status="soup today")
    me = await ben.get("/api/v1/accounts/verify_credentials")
    found = await anna.get(PATH, q="soup", account_id=me["id"])
    assert [s["account"]["acct"] for s in found["statuses"]] == ["ben"]
    assert (await anna.get(PATH, q="soup", account_id="1"))["statuses"] == []
    both = await anna.get(PATH, q="soup from:me", account_id=me["id"])
    assert both["statuses"] == []


async def test_the_probe_for_full_text_search(anna: Api, ben: Api) -> None:
    await anna.post("/api/v1/statuses", status="hello", visibility="private")
    found = await anna.get(PATH, q="from:me", type="statuses")
    assert [s["visibility"] for s in found["statuses"]] == ["private"]
    assert (await ben.get(PATH, q="from:me", type="statuses"))["statuses"] == []


async def test_as_many_queries_for_many_as_for_one(anna: Api) -> None:
    async def queries(limit: int) -> int:
        await anna.get(PATH, q="many")  # all of it is rendered
        with count_queries() as seen:
            await anna.get(PATH, q="many", limit=limit)  # not asked before
        return len(seen)

    await anna.post("/api/v1/statuses", status="many #many0")
    one = await queries(20)
    for n in range(1, 10):
        await anna.post("/api/v1/statuses", status=f"many #many{n}")
    assert await queries(19) == one


async def test_whom_one_follows_comes_first_and_following_shows_them_alone(
    anna: Api, runtime: Runtime
) -> None:
    near = await make_remote(runtime, "bernard", "far.example")
    await make_remote(runtime, "bern", "near.example")
    await make_remote(runtime, "bernadette", "near.example")
    me = await anna.get("/api/v1/accounts/verify_credentials")
    await follows.insert_follow(runtime.db, int(me["id"]), near.id, None)

    async def found(q: str, **more: Any) -> list[str]:
        return [a["acct"] for a in await anna.get("/api/v1/accounts/search", q=q, **more)]

    assert (await found("bern"))[0] == "bern@near.example"
    assert (await found("berna"))[0] == "bernard@far.example"
    assert await found("bern", following="true") == ["bernard@far.example"]
    assert await found("bern", following="true", resolve="true") == ["bernard@far.example"]
    assert await found("@bern@nea") == ["bern@near.example", "bernadette@near.example"]
    assert await found("bern", limit="1", offset="1") == ["bernard@far.example"]
    assert await found("") == []


async def test_suspended_accounts_are_found_by_nothing(anna: Api, runtime: Runtime) -> None:
    gone = await make_remote(runtime, "gone", "far.example")
    assert len(await anna.get("/api/v1/accounts/search", q="gone")) == 1
    await set_suspended(runtime.db, gone.id, is_suspended=True)
    for text in ("gone", "@gone@far.example", gone.uri):
        assert (await anna.get(PATH, q=text, resolve="true"))["accounts"] == [], text


@pytest.mark.usefixtures("one_day")
async def test_a_hashtag_with_its_use(anna: Api, ben: Api, stranger: Api) -> None:
    for api in (anna, ben):
        await api.post("/api/v1/statuses", status="#apples and #apple_pie")
    await ben.post("/api/v1/statuses", status="#apples again")
    await anna.post("/api/v1/tags/apples/follow")
    [apples, pie] = (await anna.get(PATH, q="#app", type="hashtags"))["hashtags"]
    assert (apples["name"], apples["following"], pie["following"]) == ("apples", True, False)
    assert len(apples["history"]) == 7
    assert (apples["history"][0]["uses"], apples["history"][0]["accounts"]) == ("3", "2")
    assert apples["history"] == (await anna.get("/api/v1/tags/apples"))["history"]
    for_strangers = (await stranger.get(PATH, q="apples"))["hashtags"][0]
    assert "following" not in for_strangers
    [second] = (await anna.get(PATH, q="app", type="hashtags", offset="1"))["hashtags"]
    assert second["name"] == "apple_pie"


async def test_a_hashtag_of_private_posts_is_its_author_s_alone(
    anna: Api, ben: Api, stranger: Api, runtime: Runtime
) -> None:
    await anna.post("/api/v1/statuses", status="#mergerplan", visibility="private")
    for api, is_shown in ((anna, True), (ben, False), (stranger, False)):
        assert bool((await api.get(PATH, q="merger"))["hashtags"]) == is_shown


async def test_days_are_those_of_who_searches(runtime: Runtime, anna: Api) -> None:
    me = int((await anna.get("/api/v1/accounts/verify_credentials"))["id"])
    far = await make_remote(runtime, indexable=True)
    new = status_writes.NewStatus(
        account_id=far.id,
        uri=f"{far.uri}/1",
        local=False,
        visibility="public",
        content="late",
        created_at=datetime(2026, 2, 28, 16, tzinfo=UTC),
    )
    status = await status_writes.insert_status(runtime.db, new)
    assert status
    await index_statuses(runtime.db, [status.id])
    found = []
    for zone in ("", "Asia/Tokyo"):  # where it is the first of March by then
        await users.update_preferences(runtime.db, me, time_zone=zone)
        answer = await anna.get(PATH, q="late during:2026-03-01", type="statuses")
        found.append(len(answer["statuses"]))
    assert found == [0, 1]
