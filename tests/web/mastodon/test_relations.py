import httpx
import pytest

from server.runtime import Runtime
from tests.makers import (
    Api,
    id_of,
    make_member,
    make_remote,
    make_token,
    outgoing,
    run_jobs,
    take,
)


async def lock(api: Api, locked: bool = True) -> None:
    await api("PATCH", "/api/v1/accounts/update_credentials", json={"locked": locked})


async def test_a_follow_says_how(anna: Api, ben: Api) -> None:
    path = f"/api/v1/accounts/{await id_of(anna, 'ben')}"
    found = await anna.post(f"{path}/follow", reblogs=False, notify=True, languages=["nl", "x"])
    assert (found["following"], found["showing_reblogs"], found["notifying"]) == (True, False, True)
    assert found["languages"] == ["nl"]
    again = await anna.post(f"{path}/follow", reblogs=True)
    assert (again["showing_reblogs"], again["notifying"], again["languages"]) == (
        True,
        True,
        ["nl"],
    )
    assert not (await anna.post(f"{path}/unfollow"))["following"]


async def test_boosts_are_left_out_for_those_who_want_none(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    await make_member(runtime, "carl")
    await anna.post(f"/api/v1/accounts/{await id_of(anna, 'ben')}/follow", reblogs=False)
    post = await anna.post("/api/v1/statuses", status="mine")
    await ben.post(f"/api/v1/statuses/{post['id']}/reblog")
    own = await ben.post("/api/v1/statuses", status="bens")
    await run_jobs(runtime)
    home = [status["id"] for status in await anna.get("/api/v1/timelines/home")]
    assert home == [own["id"], post["id"]]


async def test_new_posts_are_told_to_those_who_asked(anna: Api, ben: Api, runtime: Runtime) -> None:
    await anna.post(f"/api/v1/accounts/{await id_of(anna, 'ben')}/follow", notify=True)
    post = await ben.post("/api/v1/statuses", status="news")
    root = await anna.post("/api/v1/statuses", status="root")
    await ben.post("/api/v1/statuses", status="an answer", in_reply_to_id=root["id"])
    await ben.post("/api/v1/statuses", status="secret", visibility="direct")
    await ben.post(f"/api/v1/statuses/{post['id']}/reblog")
    await run_jobs(runtime)
    told = await anna.get("/api/v1/notifications")
    assert [(n["type"], n["status"]["id"]) for n in told] == [("status", post["id"])]


async def test_a_locked_account_answers_requests(anna: Api, ben: Api) -> None:
    anna_id, ben_id = await id_of(anna, "anna"), await id_of(anna, "ben")
    await lock(anna)
    for answer, follows in (("reject", False), ("authorize", True)):
        asked = await ben.post(f"/api/v1/accounts/{anna_id}/follow")
        assert (asked["requested"], asked["following"]) == (True, False)
        assert [a["acct"] for a in await anna.get("/api/v1/follow_requests")] == ["ben"]
        assert [n["type"] for n in await anna.get("/api/v1/notifications")] == ["follow_request"]
        found = await anna.post(f"/api/v1/follow_requests/{ben_id}/{answer}")
        assert (found["followed_by"], found["requested_by"]) == (follows, False)
        assert await anna.get("/api/v1/follow_requests") == []
    again = await anna("POST", f"/api/v1/follow_requests/{ben_id}/authorize")
    assert again.status_code == 404


async def test_a_request_taken_back_leaves_nothing(anna: Api, ben: Api) -> None:
    anna_id = await id_of(anna, "anna")
    await lock(anna)
    await ben.post(f"/api/v1/accounts/{anna_id}/follow")
    assert not (await ben.post(f"/api/v1/accounts/{anna_id}/unfollow"))["requested"]
    assert await anna.get("/api/v1/notifications") == []


async def test_who_asked_and_then_follows_asks_no_longer(anna: Api, ben: Api) -> None:
    anna_id = await id_of(anna, "anna")
    await lock(anna)
    await ben.post(f"/api/v1/accounts/{anna_id}/follow")
    await lock(anna, False)
    found = await ben.post(f"/api/v1/accounts/{anna_id}/follow")
    assert (found["following"], found["requested"]) == (True, False)
    assert await anna.get("/api/v1/follow_requests") == []
    assert [n["type"] for n in await anna.get("/api/v1/notifications")] == ["follow"]


async def test_a_follower_is_removed(anna: Api, ben: Api, runtime: Runtime) -> None:
    anna_id, ben_id = await id_of(anna, "anna"), await id_of(anna, "ben")
    await anna.post("/api/v1/statuses", status="mine")
    await ben.post(f"/api/v1/accounts/{anna_id}/follow")
    assert len(await ben.get("/api/v1/timelines/home")) == 1
    found = await anna.post(f"/api/v1/accounts/{ben_id}/remove_from_followers")
    assert not found["followed_by"]
    assert await ben.get("/api/v1/timelines/home") == []
    await anna.post(f"/api/v1/accounts/{ben_id}/remove_from_followers")
    assert (await anna.get("/api/v1/accounts/verify_credentials"))["followers_count"] == 0


async def test_blocks_and_mutes_are_listed_until_they_end(anna: Api, ben: Api) -> None:
    ben_id = await id_of(anna, "ben")
    for act, listed in (("block", "blocks"), ("mute", "mutes")):
        answer = await anna("POST", f"/api/v1/accounts/{ben_id}/{act}")
        assert answer.json()["blocking" if act == "block" else "muting"]
        listing = await anna("GET", f"/api/v1/{listed}")
        assert [a["acct"] for a in listing.json()] == ["ben"]
        assert "since_id=" in listing.headers["link"]
        await anna.post(f"/api/v1/accounts/{ben_id}/un{act}")
        assert await anna.get(f"/api/v1/{listed}") == []


async def test_a_mute_with_an_end_says_when(anna: Api, ben: Api, runtime: Runtime) -> None:
    ben_id = await id_of(anna, "ben")
    found = await anna.post(f"/api/v1/accounts/{ben_id}/mute", duration=3600, notifications=False)
    assert (found["muting"], found["muting_notifications"]) == (True, False)
    [listed] = await anna.get("/api/v1/mutes")
    assert listed["mute_expires_at"] == found["muting_expires_at"] is not None
    await runtime.db.execute("UPDATE mutes SET expires_at = now()")
    assert await anna.get("/api/v1/mutes") == []
    [now] = await anna.get("/api/v1/accounts/relationships", id=ben_id)
    assert not now["muting"]


async def test_a_note_is_private_and_can_be_emptied(anna: Api, ben: Api) -> None:
    anna_id, ben_id = await id_of(anna, "anna"), await id_of(anna, "ben")
    for text in ("a friend", "a good friend", ""):
        found = await anna.post(f"/api/v1/accounts/{ben_id}/note", comment=text)
        assert found["note"] == text
        [theirs] = await ben.get("/api/v1/accounts/relationships", id=anna_id)
        assert theirs["note"] == ""


async def test_a_note_has_an_end(anna: Api, ben: Api) -> None:
    path = f"/api/v1/accounts/{await id_of(anna, 'ben')}/note"
    assert (await anna("POST", path, json={"comment": "x" * 2001})).status_code == 422
    assert (await anna.post(path, comment="x" * 2000))["note"] == "x" * 2000


@pytest.mark.parametrize("act", ["follow", "block", "mute"])
async def test_not_with_oneself_nor_with_nobody(anna: Api, act: str) -> None:
    own = await anna("POST", f"/api/v1/accounts/{await id_of(anna, 'anna')}/{act}")
    text = "This action is not allowed"
    if act == "follow":
        text = "Following your own account is not allowed"
    assert (own.status_code, own.json()) == (403, {"error": text})
    for path in (act, f"un{act}", "note", "remove_from_followers"):
        nobody = await anna("POST", f"/api/v1/accounts/1/{path}")
        assert (nobody.status_code, nobody.json()) == (404, {"error": "Record not found"})


async def test_a_mute_of_absurd_length_lasts(anna: Api, ben: Api) -> None:
    path = f"/api/v1/accounts/{await id_of(anna, 'ben')}/mute"
    assert (await anna.post(path, duration=2**60))["muting"]
    assert (await anna("POST", path, json={"duration": "long"})).status_code == 400


async def test_who_waited_at_a_door_that_opens_comes_in(
    anna: Api, ben: Api, client: httpx.AsyncClient, runtime: Runtime
) -> None:
    carl = await make_member(runtime, "carl")
    await lock(anna)
    anna_id = await id_of(ben, "anna")
    await ben.post(f"/api/v1/accounts/{anna_id}/follow")
    await Api(client, await make_token(runtime, carl)).post(f"/api/v1/accounts/{anna_id}/follow")
    remy = await make_remote(runtime)
    await take(runtime, "Follow", remy, runtime.addresses.account_uri(int(anna_id)))
    await runtime.db.execute("UPDATE accounts SET silenced_at = now() WHERE id = $1", carl.id)
    await lock(anna)
    await run_jobs(runtime)
    assert len(await anna.get("/api/v1/follow_requests")) == 3
    await lock(anna, False)
    await run_jobs(runtime)
    followers = await anna.get(f"/api/v1/accounts/{anna_id}/followers")
    assert {a["acct"] for a in followers} == {"ben", remy.acct}
    # Whom moderators silenced still waits for an answer.
    assert [a["acct"] for a in await anna.get("/api/v1/follow_requests")] == ["carl"]
    assert "Accept" in [activity["type"] for activity in await outgoing(runtime)]
