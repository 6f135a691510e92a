from typing import Any

import pytest

from server.runtime import Runtime
from server.store import chosen_languages, trends
from tests.makers import Api, id_of, make_member, make_remote, make_token, run_jobs
from tests.queries import count_queries


@pytest.fixture
async def crowd(runtime: Runtime, anna: Api) -> list[Api]:
    """Three more members who want to be found."""
    members = [await make_member(runtime, f"member{n}") for n in range(3)]
    await runtime.db.execute("UPDATE accounts SET discoverable = true WHERE domain IS NULL")
    return [Api(anna._client, await make_token(runtime, member)) for member in members]


async def names(api: Api, path: str, **params: Any) -> list[str]:
    return [row["name"] for row in await api.get(path, **params)]


@pytest.mark.usefixtures("one_day")
async def test_what_several_take_up_trends(
    anna: Api, crowd: list[Api], stranger: Api, runtime: Runtime
) -> None:
    for person in crowd[:2]:
        await person.post("/api/v1/statuses", status="#Garden")
    await crowd[0].post("/api/v1/statuses", status="#alone")
    for person in crowd:
        await person.post("/api/v1/statuses", status="#secret", visibility="unlisted")
        await person.post("/api/v1/statuses", status="#here", local_only=True)
    liked = await crowd[0].post("/api/v1/statuses", status="good")
    hidden = await crowd[0].post("/api/v1/statuses", status="good", visibility="private")
    for person in (anna, *crowd[1:]):
        await person.post(f"/api/v1/statuses/{liked['id']}/favourite")
        await person("POST", f"/api/v1/statuses/{hidden['id']}/favourite")
    await run_jobs(runtime)
    assert await names(stranger, "/api/v1/trends/tags") == [], "nothing is counted per request"
    await trends.refresh(runtime.db)
    [tag] = await stranger.get("/api/v1/trends/tags")
    assert (tag["name"], tag["history"][0]["accounts"]) == ("Garden", "2")
    assert "following" not in tag
    assert (await anna.get("/api/v1/trends"))[0]["following"] is False
    shown = await stranger.get("/api/v1/trends/statuses")
    assert [status["id"] for status in shown] == [liked["id"]]
    await anna.post(f"/api/v1/accounts/{liked['account']['id']}/mute")
    assert await anna.get("/api/v1/trends/statuses") == []
    await runtime.db.execute("UPDATE accounts SET discoverable = false")
    assert await stranger.get("/api/v1/trends/statuses") == []
    await trends.refresh(runtime.db)
    assert await names(stranger, "/api/v1/trends/tags") == []


async def test_posts_in_the_languages_that_one_has_chosen_trend_first(
    anna: Api, crowd: list[Api], stranger: Api, runtime: Runtime
) -> None:
    made = [
        (await crowd[0].post("/api/v1/statuses", status=code, language=code))["id"]
        for code in ("en", "nl")
    ]
    for person, liked in ((anna, made), (crowd[1], made), (crowd[2], made[:1])):
        for one in liked:
            await person.post(f"/api/v1/statuses/{one}/favourite")
    await run_jobs(runtime)
    await trends.refresh(runtime.db)
    await chosen_languages.put_chosen(runtime.db, int(await id_of(anna, "anna")), "nl")
    for reader, wanted in ((stranger, made), (anna, made[::-1])):
        shown = await reader.get("/api/v1/trends/statuses")
        assert [status["id"] for status in shown] == wanted


@pytest.mark.usefixtures("one_day")
async def test_trends_page_by_offset(crowd: list[Api], stranger: Api, runtime: Runtime) -> None:
    for tag in ("one", "two", "three"):
        for person in crowd[:2]:
            await person.post("/api/v1/statuses", status=f"#{tag}")
    await trends.refresh(runtime.db)
    answer = await stranger("GET", "/api/v1/trends/tags", params={"limit": 2})
    more = await stranger("GET", answer.links["next"]["url"])
    found = [row["name"] for row in answer.json() + more.json()]
    assert sorted(found) == ["one", "three", "two"]
    with count_queries() as few:
        await stranger.get("/api/v1/trends/tags", limit=1)
    with count_queries() as many:
        await stranger.get("/api/v1/trends/tags", limit=3)
    assert len(few) == len(many)


async def test_friends_of_friends_are_suggested_first(
    anna: Api, ben: Api, crowd: list[Api], runtime: Runtime
) -> None:
    for person in (anna, ben, *crowd):
        await person.post("/api/v1/statuses", status="here")
    await runtime.db.execute("UPDATE accounts SET discoverable = true WHERE domain IS NULL")
    target = await id_of(anna, "member2")
    for place, name in ((0, "member0"), (1, "member1")):
        await anna.post(f"/api/v1/accounts/{await id_of(anna, name)}/follow")
        await crowd[place].post(f"/api/v1/accounts/{target}/follow")
    found = await anna.get("/api/v2/suggestions")
    assert [(s["account"]["acct"], s["sources"]) for s in found] == [
        ("member2", ["friends_of_friends"]),
        ("ben", ["most_followed"]),
    ]
    assert (await anna("DELETE", f"/api/v1/suggestions/{target}")).json() == {}
    await anna.post(f"/api/v1/accounts/{await id_of(anna, 'ben')}/mute")
    assert await anna.get("/api/v1/suggestions") == []


async def test_the_directory_shows_who_wants_to_be_found(
    anna: Api, crowd: list[Api], stranger: Api, runtime: Runtime
) -> None:
    await runtime.db.execute("UPDATE accounts SET discoverable = false WHERE username = 'anna'")
    await crowd[0].post("/api/v1/statuses", status="latest")
    remy = await make_remote(runtime)
    await runtime.db.execute(
        "UPDATE account_stats SET last_status_at = '2020-01-01' WHERE account_id = $1", remy.id
    )
    active = [a["acct"] for a in await stranger.get("/api/v1/directory")]
    assert active[:2] == ["member0", "remy@far.example"]
    assert "anna" not in active
    local = await stranger.get("/api/v1/directory", local=True, order="new")
    assert [a["acct"] for a in local] == ["member2", "member1", "member0"]
    assert (await stranger("GET", "/api/v1/directory?order=odd")).status_code == 400


async def test_tags_on_a_profile(anna: Api, ben: Api, stranger: Api) -> None:
    await anna.post("/api/v1/statuses", status="#Garden")
    [idea] = await anna.get("/api/v1/featured_tags/suggestions")
    assert idea["name"] == "Garden"
    made = await anna.post("/api/v1/featured_tags", name="#Garden")
    assert (made["name"], made["statuses_count"]) == ("Garden", "1")
    assert made["url"].endswith("/@anna/tagged/Garden")
    assert await anna.get("/api/v1/featured_tags/suggestions") == []
    assert (await anna("POST", "/api/v1/featured_tags", json={"name": "a b"})).status_code == 422
    anna_id = await id_of(anna, "anna")
    assert await stranger.get(f"/api/v1/accounts/{anna_id}/featured_tags") == [made]
    assert (await ben("DELETE", f"/api/v1/featured_tags/{made['id']}")).status_code == 404
    assert (await anna("DELETE", f"/api/v1/featured_tags/{made['id']}")).json() == {}
    assert (await anna.post("/api/v1/tags/tea/feature"))["featuring"] is True
    assert await names(anna, "/api/v1/featured_tags") == ["tea"]
    assert (await anna.post("/api/v1/tags/tea/unfeature"))["featuring"] is False


async def test_people_on_a_profile(anna: Api, ben: Api, stranger: Api) -> None:
    ben_id, anna_id = await id_of(anna, "ben"), await id_of(anna, "anna")
    path = f"/api/v1/accounts/{ben_id}/endorse"
    assert (await anna("POST", path)).status_code == 422
    await anna.post(f"/api/v1/accounts/{ben_id}/follow")
    assert (await anna.post(path))["endorsed"] is True
    assert [a["acct"] for a in await anna.get("/api/v1/endorsements")] == ["ben"]
    shown = await stranger.get(f"/api/v1/accounts/{anna_id}/endorsements")
    assert [a["acct"] for a in shown] == ["ben"]
    assert (await anna.post(f"/api/v1/accounts/{ben_id}/unpin"))["endorsed"] is False
    assert (await anna.post(f"/api/v1/accounts/{ben_id}/pin"))["endorsed"] is True
    await anna.post(f"/api/v1/accounts/{ben_id}/unfollow")
    assert await anna.get("/api/v1/endorsements") == []
    assert await ben.get("/api/v1/endorsements") == []


async def test_a_tag_is_featured_once(anna: Api) -> None:
    path = "/api/v1/featured_tags"
    made = await anna.post(path, name="Tea")
    assert await anna.post(path, name="tea") == made
    assert await anna.get(path) == [made]
    assert (await anna("POST", path)).status_code == 400
    assert (await anna("POST", path, json={"name": "t&a"})).status_code == 422


@pytest.mark.parametrize("act", ["unfollow", "block"])
async def test_who_is_not_followed_is_not_endorsed(anna: Api, ben: Api, act: str) -> None:
    path = f"/api/v1/accounts/{await id_of(anna, 'ben')}"
    await anna.post(f"{path}/follow")
    await anna.post(f"{path}/endorse")
    assert (await anna.post(f"{path}/{act}"))["endorsed"] is False
    assert await anna.get("/api/v1/endorsements") == []


async def test_hidden_networks_stay_hidden(
    anna: Api, ben: Api, crowd: list[Api], runtime: Runtime
) -> None:
    for person in (anna, ben, *crowd):
        await person.post("/api/v1/statuses", status="here")
    target = (await crowd[0].get("/api/v1/accounts/verify_credentials"))["id"]
    for person, other in ((anna, await id_of(anna, "ben")), (ben, target)):
        await person.post(f"/api/v1/accounts/{other}/follow")

    async def shown() -> tuple[bool, bool]:
        [familiar] = await anna.get("/api/v1/accounts/familiar_followers", **{"id[]": target})
        found = await anna.get("/api/v2/suggestions", limit=80)
        sources = {one["account"]["id"]: one["sources"] for one in found}
        return bool(familiar["accounts"]), sources.get(target) == ["friends_of_friends"]

    assert await shown() == (True, True)
    for person, expected in ((crowd[0], (False, True)), (ben, (False, False))):
        change = {"hide_collections": True}
        await person("PATCH", "/api/v1/accounts/update_credentials", json=change)
        assert await shown() == expected
