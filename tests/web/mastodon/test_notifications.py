import re

import httpx
import pytest

from server.runtime import Runtime
from tests.makers import Api, id_of, make_member, make_token, run_jobs


async def kinds(api: Api, **query: str) -> list[str]:
    return [n["type"] for n in await api.get("/api/v1/notifications", **query)]


async def stir(anna: Api, ben: Api, runtime: Runtime) -> str:
    """Ben favourites, boosts, follows and mentions anna; gives the post's id."""
    post = await anna.post("/api/v1/statuses", status="hello")
    await ben.post(f"/api/v1/statuses/{post['id']}/favourite")
    await ben.post(f"/api/v1/statuses/{post['id']}/reblog")
    await ben.post(f"/api/v1/accounts/{await id_of(ben, 'anna')}/follow")
    await ben.post("/api/v1/statuses", status="@anna hi")
    await run_jobs(runtime)
    return str(post["id"])


async def test_what_one_is_told_newest_first(anna: Api, ben: Api, runtime: Runtime) -> None:
    post = await stir(anna, ben, runtime)
    told = await anna.get("/api/v1/notifications")
    assert [n["type"] for n in told] == ["mention", "follow", "reblog", "favourite"]
    assert {n["account"]["acct"] for n in told} == {"ben"}
    assert [n.get("status", {}).get("id") for n in told][1:] == [None, post, post]
    assert told[0]["status"]["content"].startswith("<p>")
    assert all(n["group_key"] for n in told)
    one = await anna.get(f"/api/v1/notifications/{told[2]['id']}")
    assert one == told[2]
    assert (await ben("GET", f"/api/v1/notifications/{told[2]['id']}")).status_code == 404


async def test_kinds_and_senders_are_chosen(anna: Api, ben: Api, runtime: Runtime) -> None:
    await stir(anna, ben, runtime)
    ben_id, anna_id = await id_of(anna, "ben"), await id_of(anna, "anna")
    assert await kinds(anna, **{"types[]": "follow"}) == ["follow"]
    assert await kinds(anna, **{"exclude_types[]": "mention"}) == ["follow", "reblog", "favourite"]
    assert len(await kinds(anna, account_id=ben_id)) == 4
    assert await kinds(anna, account_id=anna_id) == []
    assert await kinds(anna, account_id="x") == []  # what is no id is nobody's


async def test_pages_and_their_links(anna: Api, ben: Api, runtime: Runtime) -> None:
    await stir(anna, ben, runtime)
    answer = await anna("GET", "/api/v1/notifications?limit=3&types[]=follow&types[]=reblog")
    assert len(answer.json()) == 2
    assert 'rel="next"' not in answer.headers["link"]
    answer = await anna("GET", "/api/v1/notifications?limit=3&exclude_types[]=poll")
    links = {rel: url for url, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["link"])}
    assert [n["type"] for n in (await anna("GET", links["next"])).json()] == ["favourite"]
    assert (await anna("GET", links["prev"])).json() == []


async def test_one_or_all_are_put_away(anna: Api, ben: Api, runtime: Runtime) -> None:
    await stir(anna, ben, runtime)
    first = (await anna.get("/api/v1/notifications"))[0]
    path = f"/api/v1/notifications/{first['id']}/dismiss"
    assert (await ben("POST", path)).status_code == 404
    assert await anna.post(path) == {}
    assert (await anna("POST", path)).status_code == 404
    assert await kinds(anna) == ["follow", "reblog", "favourite"]
    assert await anna.post("/api/v1/notifications/clear") == {}
    assert await kinds(anna) == []


async def test_unread_are_those_after_the_marker_that_are_shown(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    await stir(anna, ben, runtime)
    count = "/api/v1/notifications/unread_count"
    assert await anna.get(count) == {"count": 4}
    assert await anna.get(count, limit="2") == {"count": 2}
    told = await anna.get("/api/v1/notifications")
    await anna.post("/api/v1/markers", notifications={"last_read_id": told[1]["id"]})
    assert await anna.get(count) == {"count": 1}
    await anna.post(f"/api/v1/accounts/{await id_of(anna, 'ben')}/mute")
    assert await kinds(anna) == []
    assert await anna.get(count) == {"count": 0}


async def test_what_is_taken_back_is_told_no_longer(anna: Api, ben: Api, runtime: Runtime) -> None:
    post = await stir(anna, ben, runtime)
    await ben.post(f"/api/v1/statuses/{post}/unfavourite")
    assert await kinds(anna) == ["mention", "follow", "reblog"]
    await ben.post(f"/api/v1/statuses/{post}/unreblog")
    assert await kinds(anna) == ["mention", "follow"]
    await ben.post(f"/api/v1/accounts/{await id_of(ben, 'anna')}/unfollow")
    assert await kinds(anna) == ["mention"]


async def test_who_boosted_hears_of_an_edit(anna: Api, ben: Api, runtime: Runtime) -> None:
    post = await stir(anna, ben, runtime)
    await anna("PUT", f"/api/v1/statuses/{post}", json={"status": "changed"})
    assert await kinds(ben) == ["update"]


@pytest.mark.parametrize("act", ["block", "mute"])
async def test_nobody_is_told_of_talk_with_those_whom_they_hide(
    client: httpx.AsyncClient, anna: Api, ben: Api, runtime: Runtime, act: str
) -> None:
    carl = Api(client, await make_token(runtime, await make_member(runtime, "carl")))
    await anna.post(f"/api/v1/accounts/{await id_of(anna, 'carl')}/{act}")
    post = await carl.post("/api/v1/statuses", status="x")
    await ben.post("/api/v1/statuses", status="@anna look", in_reply_to_id=post["id"])
    await ben.post("/api/v1/statuses", status="@anna and @carl")
    await run_jobs(runtime)
    assert await kinds(anna) == []
    await ben.post("/api/v1/statuses", status="@anna alone")
    await run_jobs(runtime)
    assert await kinds(anna) == ["mention"]


async def test_a_private_mention_is_asked_for_by_one(
    client: httpx.AsyncClient, anna: Api, ben: Api, runtime: Runtime
) -> None:
    carl = Api(client, await make_token(runtime, await make_member(runtime, "carl")))
    asked = await anna.post("/api/v1/statuses", status="@ben x", visibility="direct")
    answer = {"status": "@anna y", "visibility": "direct"}
    await ben.post("/api/v1/statuses", **answer, in_reply_to_id=asked["id"])
    public = await anna.post("/api/v1/statuses", status="for all")
    await carl.post("/api/v1/statuses", **answer, in_reply_to_id=public["id"])
    await run_jobs(runtime)
    told = await anna.get("/api/v1/notifications", include_filtered=True)
    assert [n["account"]["acct"] for n in told] == ["carl", "ben"]
    assert [n["account"]["acct"] for n in await anna.get("/api/v1/notifications")] == ["ben"]
