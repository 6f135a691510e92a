import re

import httpx
import pytest

from server.runtime import Runtime
from server.store import local_accounts
from tests.makers import Api, id_of, make_member, make_remote, make_token, run_jobs


async def test_oneself_and_others(anna: Api, ben: Api, stranger: Api) -> None:
    me = await anna.get("/api/v1/accounts/verify_credentials")
    assert (me["acct"], me["source"]["privacy"], me["source"]["follow_requests_count"]) == (
        "anna",
        "public",
        0,
    )
    for api in (ben, stranger):
        seen = await api.get(f"/api/v1/accounts/{me['id']}")
        assert (seen["acct"], "source" in seen) == ("anna", False)


async def test_several_at_once_in_their_order(anna: Api, ben: Api) -> None:
    ids = [await id_of(anna, name) for name in ("ben", "anna")]
    found = await anna.get("/api/v1/accounts", **{"id[]": [ids[0], "1", ids[1]]})
    assert [account["id"] for account in found] == ids
    assert await anna.get("/api/v1/accounts", **{"id[]": [str(2**70), "x"]}) == []


@pytest.mark.parametrize(
    "acct", ["ben", " @BEN ", "ben@localhost:3000", "remy@FAR.example", "remy@bücher.example"]
)
async def test_handles_that_are_found(anna: Api, ben: Api, runtime: Runtime, acct: str) -> None:
    await make_remote(runtime)
    await make_remote(runtime, "remy", "xn--bcher-kva.example")
    found = await anna.get("/api/v1/accounts/lookup", acct=acct)
    assert found["username"] in {"ben", "remy"}


@pytest.mark.parametrize("acct", ["nobody", "", "@", "ben@far.example", "ben\x00"])
async def test_handles_that_are_not(anna: Api, ben: Api, acct: str) -> None:
    answer = await anna("GET", "/api/v1/accounts/lookup", params={"acct": acct})
    assert answer.status_code == (400 if "\x00" in acct else 404)
    assert set(answer.json()) == {"error"}


async def test_search_finds_beginnings_and_names_but_not_the_suspended(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    async def names(text: str, **more: str) -> list[str]:
        found = await anna.get("/api/v1/accounts/search", q=text, **more)
        return [account["acct"] for account in found]

    remote = await make_remote(runtime, "benno", display_name="Zebra")
    assert await names("be") == ["ben", "benno@far.example"]
    assert await names("zeb") == ["benno@far.example"]
    assert await names("benno@far") == ["benno@far.example"]
    assert await names("be", offset="1") == ["benno@far.example"]
    assert await names("be", following="true") == []
    await local_accounts.set_suspended(runtime.db, remote.id, is_suspended=True)
    assert await names("be") == ["ben"]


async def test_what_of_a_profile_is_asked_for(anna: Api, ben: Api, stranger: Api) -> None:
    anna_id = await id_of(anna, "anna")
    root = await ben.post("/api/v1/statuses", status="root")
    plain = await anna.post("/api/v1/statuses", status="plain #Tag")
    reply = await anna.post("/api/v1/statuses", status="reply", in_reply_to_id=root["id"])
    boost = await anna.post(f"/api/v1/statuses/{root['id']}/reblog")
    await anna.post(f"/api/v1/statuses/{plain['id']}/pin")
    everything = [boost["id"], reply["id"], plain["id"]]
    for query, expected in (
        ({}, everything),
        ({"exclude_replies": "true"}, [boost["id"], plain["id"]]),
        ({"exclude_reblogs": "1"}, [reply["id"], plain["id"]]),
        ({"pinned": "true"}, [plain["id"]]),
        ({"tagged": "TAG"}, [plain["id"]]),
        ({"only_media": "true"}, []),
    ):
        shown = await stranger.get(f"/api/v1/accounts/{anna_id}/statuses", **query)
        assert [status["id"] for status in shown] == expected, query


async def test_followers_page_by_their_links(
    client: httpx.AsyncClient, runtime: Runtime, anna: Api, stranger: Api
) -> None:
    anna_id = await id_of(anna, "anna")
    for name in ("carl", "dora", "emma"):
        follower = Api(client, await make_token(runtime, await make_member(runtime, name)))
        await follower.post(f"/api/v1/accounts/{anna_id}/follow")
    path, seen = f"/api/v1/accounts/{anna_id}/followers?limit=2", []
    for expected in (["emma", "dora"], ["carl"]):
        answer = await stranger("GET", path)
        seen = [account["acct"] for account in answer.json()]
        assert seen == expected
        links = dict(re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["link"]))
        path = next((url for url, rel in links.items() if rel == "next"), "")
    assert path == ""
    carl_id = await id_of(anna, "carl")
    following = await stranger.get(f"/api/v1/accounts/{carl_id}/following")
    assert [account["acct"] for account in following] == ["anna"]


async def test_hidden_collections_are_for_oneself(anna: Api, ben: Api, stranger: Api) -> None:
    anna_id = await id_of(anna, "anna")
    await ben.post(f"/api/v1/accounts/{anna_id}/follow")
    answer = await anna(
        "PATCH", "/api/v1/accounts/update_credentials", json={"hide_collections": True}
    )
    assert answer.json()["hide_collections"]
    path = f"/api/v1/accounts/{anna_id}/followers"
    assert (await ben.get(path), await stranger.get(path)) == ([], [])
    assert [account["acct"] for account in await anna.get(path)] == ["ben"]


async def test_a_block_closes_the_profile_to_the_blocked(anna: Api, ben: Api) -> None:
    anna_id, ben_id = await id_of(anna, "anna"), await id_of(anna, "ben")
    await anna.post(f"/api/v1/accounts/{ben_id}/block")
    await anna.post("/api/v1/statuses", status="not for ben")
    for part in ("statuses", "followers", "following"):
        assert await ben.get(f"/api/v1/accounts/{anna_id}/{part}") == []


@pytest.mark.parametrize("act", ["block", "mute"])
async def test_whom_one_hides_stands_in_no_list_of_people(
    anna: Api, ben: Api, stranger: Api, act: str
) -> None:
    anna_id, ben_id = await id_of(anna, "anna"), await id_of(anna, "ben")
    await anna.post(f"/api/v1/accounts/{await _befriended(anna, ben)}/{act}")
    post = await anna.post("/api/v1/statuses", status="mine")
    if act == "block":
        await anna.post(f"/api/v1/accounts/{ben_id}/unblock")
    for what in ("favourite", "reblog"):
        await ben.post(f"/api/v1/statuses/{post['id']}/{what}")
    if act == "block":
        await anna.post(f"/api/v1/accounts/{ben_id}/block")
    else:
        assert [a["acct"] for a in await anna.get(f"/api/v1/accounts/{anna_id}/followers")] == [
            "ben"
        ]
    for what in ("favourited_by", "reblogged_by"):
        path = f"/api/v1/statuses/{post['id']}/{what}"
        assert await anna.get(path) == []
        assert [a["acct"] for a in await stranger.get(path)] == ["ben"]


async def test_followers_are_shown_without_whom_the_viewer_blocks(
    client: httpx.AsyncClient, runtime: Runtime, anna: Api, ben: Api
) -> None:
    carl = Api(client, await make_token(runtime, await make_member(runtime, "carl")))
    ben_id, carl_id = await id_of(anna, "ben"), await id_of(anna, "carl")
    for reader in (anna, ben):
        await reader.post(f"/api/v1/accounts/{carl_id}/follow")
    await anna.post(f"/api/v1/accounts/{ben_id}/block")
    path = f"/api/v1/accounts/{carl_id}/followers"
    assert [a["acct"] for a in await anna.get(path)] == ["anna"]
    assert [a["acct"] for a in await ben.get(path)] == ["ben"]
    assert [a["acct"] for a in await carl.get(path)] == ["ben", "anna"]


async def _befriended(anna: Api, ben: Api) -> str:
    await ben.post(f"/api/v1/accounts/{await id_of(ben, 'anna')}/follow")
    return await id_of(anna, "ben")


async def test_each_relationship_once_and_without_the_suspended(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    ben_id, path = await id_of(anna, "ben"), "/api/v1/accounts/relationships"
    ids = {"id[]": [ben_id, ben_id]}
    assert [r["id"] for r in await anna.get(path, **ids)] == [ben_id]
    assert len(await anna.get("/api/v1/accounts/familiar_followers", **ids)) == 1
    await runtime.db.execute("UPDATE accounts SET suspended_at = now() WHERE username = 'ben'")
    assert await anna.get(path, **ids) == []
    assert [r["id"] for r in await anna.get(path, with_suspended=True, **ids)] == [ben_id]
    assert await anna.get(f"/api/v1/accounts/{ben_id}/statuses") == []


async def test_too_many_at_once_are_refused(anna: Api) -> None:
    for path, most in (("/api/v1/accounts", 40), ("/api/v1/statuses", 20)):
        ids = [str(number) for number in range(1, most + 2)]
        assert (await anna("GET", path, params={"id[]": ids})).status_code == 422
        assert await anna.get(path, **{"id[]": ids[1:]}) == []


async def test_familiar_followers_are_those_whom_one_follows(
    client: httpx.AsyncClient, runtime: Runtime, anna: Api, ben: Api
) -> None:
    carl = Api(client, await make_token(runtime, await make_member(runtime, "carl")))
    ben_id, carl_id = [await id_of(anna, name) for name in ("ben", "carl")]
    await anna.post(f"/api/v1/accounts/{ben_id}/follow")
    await ben.post(f"/api/v1/accounts/{carl_id}/follow")
    assert (await carl.get("/api/v1/accounts/verify_credentials"))["followers_count"] == 1
    found = await anna.get("/api/v1/accounts/familiar_followers", **{"id[]": [carl_id, ben_id]})
    assert [(one["id"], [a["acct"] for a in one["accounts"]]) for one in found] == [
        (carl_id, ["ben"]),
        (ben_id, []),
    ]
    # Mastodon.py writes the ids into a body.
    again = await anna("GET", "/api/v1/accounts/familiar_followers", json={"id": [carl_id, ben_id]})
    assert again.json() == found


async def test_relationships_come_in_their_order(anna: Api, ben: Api, runtime: Runtime) -> None:
    remote = await make_remote(runtime)
    ben_id = await id_of(anna, "ben")
    await anna.post(f"/api/v1/accounts/{remote.id}/follow")
    await run_jobs(runtime)
    ids = [str(remote.id), "1", ben_id]
    found = await anna.get("/api/v1/accounts/relationships", **{"id[]": ids})
    assert [(one["id"], one["requested"], one["following"]) for one in found] == [
        (str(remote.id), True, False),
        (ben_id, False, False),
    ]
    [alone] = await anna.get("/api/v1/accounts/relationships", id=ben_id)
    assert alone["id"] == ben_id
