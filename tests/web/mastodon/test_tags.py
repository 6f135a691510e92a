import pytest

from server.runtime import Runtime
from tests.makers import Api, id_of, run_jobs


@pytest.mark.usefixtures("one_day")
async def test_a_tag_and_its_use(anna: Api, stranger: Api) -> None:
    await anna.post("/api/v1/statuses", status="one #Tea")
    await anna.post("/api/v1/statuses", status="two #tea")
    await anna.post("/api/v1/statuses", status="three #tea", visibility="private")
    tag = await stranger.get("/api/v1/tags/TEA")
    # Named as it was first written: that is easier to read, and to read out.
    assert (tag["name"], tag["url"]) == ("Tea", "http://localhost:3000/tags/tea")
    assert "following" not in tag
    assert len(tag["history"]) == 7
    assert (tag["history"][0]["uses"], tag["history"][0]["accounts"]) == ("2", "1")
    assert {day["uses"] for day in tag["history"][1:]} == {"0"}


async def test_a_tag_is_found_however_it_is_written(anna: Api, stranger: Api) -> None:
    made = await anna.post("/api/v1/statuses", status="one #ThemaDag")
    for written in ("themadag", "THEMADAG", "%23ThemaDag"):
        found = await stranger.get(f"/api/v1/timelines/tag/{written}")
        assert [status["id"] for status in found] == [made["id"]]
    [found] = (await anna.get("/api/v2/search", q="#themadag"))["hashtags"]
    assert found["name"] == "ThemaDag"
    # Nobody has written this one yet but who asks.
    assert (await stranger.get("/api/v1/tags/NieuwJaar"))["name"] == "NieuwJaar"


async def test_accents_and_widths_make_no_other_tag(anna: Api, ben: Api, runtime: Runtime) -> None:
    first = await anna.post("/api/v1/statuses", status="one #BLÅHAJ")
    await ben.post("/api/v1/tags/blahaj/follow")
    await ben.post("/api/v1/featured_tags", name="Blåhaj")
    second = await anna.post("/api/v1/statuses", status="two #ｂｌａｈａｊ and #blahaj")
    await run_jobs(runtime)
    for written in ("blahaj", "BLÅHAJ", "ｂｌａｈａｊ"):
        found = await anna.get(f"/api/v1/timelines/tag/{written}")
        assert [status["id"] for status in found] == [second["id"], first["id"]]
        found = await anna.get("/api/v2/search", q=f"#{written}", type="statuses")
        assert {status["id"] for status in found["statuses"]} == {second["id"], first["id"]}
    assert [status["id"] for status in await ben.get("/api/v1/timelines/home")] == [second["id"]]
    tag = await ben.get("/api/v1/tags/blåhaj")
    assert (tag["following"], tag["featuring"]) == (True, True)
    assert tag["url"] == "http://localhost:3000/tags/blahaj"
    assert [one["name"] for one in second["tags"]] == ["blahaj"]
    # Only Latin letters are written without: elsewhere marks make another word.
    await anna.post("/api/v1/statuses", status="#が")
    assert await anna.get("/api/v1/timelines/tag/か") == []


async def test_following_brings_public_posts_home(anna: Api, ben: Api, runtime: Runtime) -> None:
    for _ in range(2):
        assert (await anna.post("/api/v1/tags/Tea/follow"))["following"]
    assert (await anna.get("/api/v1/tags/tea"))["following"]
    public = await ben.post("/api/v1/statuses", status="#tea")
    await ben.post("/api/v1/statuses", status="#tea", visibility="unlisted")
    await run_jobs(runtime)
    assert [s["id"] for s in await anna.get("/api/v1/timelines/home")] == [public["id"]]
    assert [t["name"] for t in await anna.get("/api/v1/followed_tags")] == ["Tea"]
    assert await ben.get("/api/v1/followed_tags") == []
    assert not (await anna.post("/api/v1/tags/tea/unfollow"))["following"]
    await ben.post("/api/v1/statuses", status="later #tea")
    await run_jobs(runtime)
    assert await anna.get("/api/v1/timelines/home") == []


async def test_what_came_home_for_another_reason_stays(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    for name in ("tea", "milk"):
        await anna.post(f"/api/v1/tags/{name}/follow")
    await ben.post("/api/v1/statuses", status="#tea with #milk")
    await anna.post("/api/v1/statuses", status="my #tea")
    await run_jobs(runtime)
    for name, expected in (("tea", 2), ("milk", 1)):
        await anna.post(f"/api/v1/tags/{name}/unfollow")
        assert len(await anna.get("/api/v1/timelines/home")) == expected
    await anna.post("/api/v1/tags/tea/follow")
    await anna.post(f"/api/v1/accounts/{await id_of(anna, 'ben')}/follow")
    await anna.post("/api/v1/tags/tea/unfollow")
    assert len(await anna.get("/api/v1/timelines/home")) == 2


async def test_followed_tags_page(anna: Api) -> None:
    for name in ("a1", "b2", "c3"):
        await anna.post(f"/api/v1/tags/{name}/follow")
    answer = await anna("GET", "/api/v1/followed_tags?limit=2")
    assert [t["name"] for t in answer.json()] == ["c3", "b2"]
    next_url = answer.headers["link"].partition(">")[0].removeprefix("<")
    assert [t["name"] for t in (await anna("GET", next_url)).json()] == ["a1"]


async def test_what_is_no_tag_is_not_there(anna: Api, runtime: Runtime) -> None:
    for odd in ("123", "a b", "a%00b", "x-y", "%23tea"):
        answer = await anna("POST", f"/api/v1/tags/{odd}/follow")
        assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"}), odd
    assert await runtime.db.fetchval("SELECT count(*) FROM tags") == 0
