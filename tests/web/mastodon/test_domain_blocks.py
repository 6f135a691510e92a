import pytest

from server.runtime import Runtime
from server.store import domain_blocks, follows
from server.store.accounts import Account
from server.store.pages import Page
from tests.makers import Api, id_of, make_remote, outgoing, run_jobs, take
from tests.queries import count_queries

PATH = "/api/v1/domain_blocks"


async def remote_post(runtime: Runtime, author: Account, text: str) -> None:
    note = {
        "id": f"{author.uri}/posts/{text.replace(' ', '-').replace('#', '')}",
        "type": "Note",
        "attributedTo": author.uri,
        "content": f"<p>{text}</p>",
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "tag": [{"type": "Hashtag", "name": "#walk", "href": "https://far.example/tags/walk"}],
    }
    assert await take(runtime, "Create", author, note) is None


async def test_blocks_are_listed_taken_back_and_one_s_own(anna: Api, ben: Api) -> None:
    for domain in ("far.example", "FAR.example", "@other.example"):
        assert await anna.post(PATH, domain=domain) == {}
    assert await anna.get(PATH) == ["other.example", "far.example"]
    assert await ben.get(PATH) == []
    one = await anna("GET", PATH, params={"limit": 1})
    assert one.json() == ["other.example"]
    assert 'rel="next"' in one.headers["link"]
    assert "since_id" in one.headers["link"]
    following = one.links["next"]["url"]
    assert (await anna("GET", following)).json() == ["far.example"]
    assert (await anna("DELETE", PATH, json={"domain": "far.example"})).json() == {}
    assert (await anna("DELETE", PATH, params={"domain": "other.example"})).json() == {}
    assert (await anna("DELETE", PATH, data={"domain": "never.example"})).json() == {}
    assert await anna.get(PATH) == []


@pytest.mark.parametrize(
    "domain",
    ["", " ", "no domain", "https://far.example", "a/b", "x" * 300, "exa%6dple.org", "é.."],
)
async def test_what_is_no_domain(anna: Api, domain: str) -> None:
    for method in ("POST", "DELETE"):
        answer = await anna(method, PATH, json={"domain": domain})
        assert (answer.status_code, set(answer.json())) == (422, {"error"})
        assert answer.json()["error"].startswith("Validation failed: Domain ")


async def test_a_blocked_domain_vanishes_everywhere(anna: Api, ben: Api, runtime: Runtime) -> None:
    remy = await make_remote(runtime)
    anna_id, ben_id = int(await id_of(ben, "anna")), await id_of(anna, "ben")
    for reader in (anna_id, int(ben_id)):
        await follows.insert_follow(runtime.db, reader, remy.id, f"https://localhost/f/{reader}")
    await anna.post(f"/api/v1/accounts/{ben_id}/follow")
    await remote_post(runtime, remy, "before #walk")
    [seen] = await ben.get("/api/v1/timelines/public")
    await ben.post(f"/api/v1/statuses/{seen['id']}/reblog")
    await take(runtime, "Like", remy, (await anna.post("/api/v1/statuses", status="mine"))["uri"])
    assert len(await anna.get("/api/v1/notifications")) == 1
    assert len(await anna.get("/api/v1/timelines/home")) >= 2

    await anna.post(PATH, domain="far.example")
    await run_jobs(runtime)
    await remote_post(runtime, remy, "after #walk")
    for path in (
        "/api/v1/timelines/home",
        "/api/v1/timelines/public",
        "/api/v1/timelines/tag/walk",
        # What tells of the lost follow names the domain.
        "/api/v1/notifications?exclude_types[]=severed_relationships",
    ):
        assert "far.example" not in (await anna("GET", path)).text, path
    boosted = (await ben.get("/api/v1/timelines/public"))[0]
    assert boosted["content"] == "<p>after #walk</p>"
    await ben.post(f"/api/v1/statuses/{boosted['id']}/reblog")
    await run_jobs(runtime)
    assert "far.example" not in (await anna("GET", "/api/v1/timelines/home")).text
    [relation] = await anna.get("/api/v1/accounts/relationships", **{"id[]": str(remy.id)})
    assert (relation["domain_blocking"], relation["following"]) == (True, False)
    assert (await anna("POST", f"/api/v1/accounts/{remy.id}/follow")).status_code == 403


async def test_follows_end_both_ways_and_are_told(anna: Api, runtime: Runtime) -> None:
    anna_id = int((await anna.get("/api/v1/accounts/verify_credentials"))["id"])
    remy, rita = await make_remote(runtime), await make_remote(runtime, "rita")
    near = await make_remote(runtime, "nora", "near.example")
    for target in (remy, near):
        await follows.insert_follow(runtime.db, anna_id, target.id, f"https://x/{target.id}")
    await follows.insert_follow(runtime.db, rita.id, anna_id, "https://far.example/f/1")
    await follows.insert_request(runtime.db, remy.id, anna_id, "https://far.example/f/2")
    preview = await anna.get(f"{PATH}/preview", domain="far.example")
    assert preview == {"following_count": 1, "followers_count": 1}

    await anna.post(PATH, domain="far.example")
    await run_jobs(runtime)
    told = [activity["type"] for activity in await outgoing(runtime)]
    assert sorted(told) == ["Reject", "Reject", "Undo"]
    kept = await follows.following_page(runtime.db, anna_id, Page(10))
    assert [target for _, target in kept] == [near.id]
    assert await follows.follower_page(runtime.db, anna_id, Page(10)) == []
    account = await anna.get(f"/api/v1/accounts/{anna_id}")
    assert (account["followers_count"], account["following_count"]) == (0, 1)

    await take(runtime, "Follow", rita, account["uri"])
    assert await follows.follower_page(runtime.db, anna_id, Page(10)) == []
    assert (await outgoing(runtime))[-1]["type"] == "Reject"


async def test_a_list_costs_the_same_however_long(anna: Api, runtime: Runtime) -> None:
    anna_id = int((await anna.get("/api/v1/accounts/verify_credentials"))["id"])
    counts: list[int] = []
    for number in (1, 20):
        for n in range(number):
            await domain_blocks.insert_block(runtime.db, anna_id, f"d{n}.example")
        with count_queries() as seen:
            await anna.get(PATH)
        counts.append(len(seen))
    assert counts[0] == counts[1]
