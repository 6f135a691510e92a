import httpx

from server.moderation import suspend
from server.runtime import Runtime
from server.store import follows
from tests.forms import PASSWORD, sign_in
from tests.makers import Api, make_member, make_remote, make_token, run_jobs


async def lose(runtime: Runtime, client: httpx.AsyncClient) -> tuple[Api, str]:
    """Anna blocks a domain of which she followed one, and two followed her."""
    anna = await make_member(runtime, password=PASSWORD)
    remy = await make_remote(runtime)
    dash = await make_remote(runtime, "-1+1")
    await make_remote(runtime, "olga", "other.example")
    await follows.insert_follow(runtime.db, anna.id, remy.id, None, notify=True, languages=["nl"])
    for follower in (remy, dash):
        await follows.insert_follow(runtime.db, follower.id, anna.id, None)
    api = Api(client, await make_token(runtime, anna))
    await api.post("/api/v1/domain_blocks", domain="far.example")
    await api.post("/api/v1/domain_blocks", domain="far.example")
    await run_jobs(runtime)
    [told] = await api.get("/api/v1/notifications")
    event = told["event"]
    assert (told["type"], told["account"]["acct"]) == ("severed_relationships", "anna")
    assert (event["type"], event["target_name"], event["purged"]) == (
        "user_domain_block",
        "far.example",
        False,
    )
    assert (event["followers_count"], event["following_count"]) == (2, 1)
    assert event["created_at"].endswith("Z")
    return api, event["id"]


async def test_who_was_lost_can_be_taken_along(client: httpx.AsyncClient, runtime: Runtime) -> None:
    _, event = await lose(runtime, client)
    path = f"/severed_relationships/{event}"
    to_sign_in = await client.get(f"{path}/following.csv")
    assert to_sign_in.status_code == 302
    assert "remy" not in to_sign_in.text
    await sign_in(client)
    following = await client.get(f"{path}/following.csv")
    assert following.text.splitlines() == [
        "Account address,Show boosts,Notify on new posts,Languages",
        "remy@far.example,true,true,nl",
    ]
    assert following.headers["content-type"].startswith("text/csv")
    assert 'filename="following.csv"' in following.headers["content-disposition"]
    assert following.headers["cache-control"] == "private, no-store"
    followers = await client.get(f"{path}/followers.csv")
    # What a spreadsheet would run is made harmless.
    assert followers.text.splitlines() == [
        "Account address",
        "'-1+1@far.example",
        "remy@far.example",
    ]
    page = await client.get("/severed_relationships", headers={"Accept-Language": "nl"})
    assert f"{path}/followers.csv" in page.text
    assert "Je hebt dit domein zelf geblokkeerd." in page.text


async def test_another_s_lists_are_not_there(client: httpx.AsyncClient, runtime: Runtime) -> None:
    _, event = await lose(runtime, client)
    await make_member(runtime, "ben", password=PASSWORD)
    await sign_in(client, login="ben")
    for name in ("following", "followers"):
        for odd in (event, str(int(event) + 1), "x"):
            answer = await client.get(f"/severed_relationships/{odd}/{name}.csv")
            assert answer.status_code == 404
            assert "remy" not in answer.text
    assert "far.example" not in (await client.get("/severed_relationships")).text


async def test_each_event_is_told(client: httpx.AsyncClient, runtime: Runtime) -> None:
    api, _ = await lose(runtime, client)
    anna = (await api.get("/api/v1/accounts/verify_credentials"))["id"]
    olga = await make_remote(runtime, "olga", "other.example")
    await follows.insert_follow(runtime.db, olga.id, int(anna), None)
    await suspend.suspend_account(runtime, olga.id)
    events = [n["event"]["target_name"] for n in await api.get("/api/v1/notifications")]
    assert events == ["olga@other.example", "far.example"]
    grouped = await api.get("/api/v2/notifications")
    assert [g["event"]["target_name"] for g in grouped["notification_groups"]] == events
