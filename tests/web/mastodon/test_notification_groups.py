from typing import Any

import pytest

from server.runtime import Runtime
from tests.makers import Api, id_of, make_member, make_token, run_jobs
from tests.queries import count_queries

INDEX = "/api/v2/notifications"


@pytest.fixture
async def crowd(runtime: Runtime, anna: Api) -> list[Api]:
    """Ten more members."""
    members = [await make_member(runtime, f"member{n}") for n in range(10)]
    return [Api(anna._client, await make_token(runtime, member)) for member in members]


async def favourited(anna: Api, people: list[Api]) -> str:
    made = await anna.post("/api/v1/statuses", status="nice")
    for person in people:
        await person.post(f"/api/v1/statuses/{made['id']}/favourite")
    return str(made["id"])


async def test_favourites_of_one_post_are_one_line(anna: Api, crowd: list[Api]) -> None:
    status_id = await favourited(anna, crowd)
    found = await anna.get(INDEX)
    [group] = found["notification_groups"]
    assert (group["type"], group["notifications_count"], group["status_id"]) == (
        "favourite",
        10,
        status_id,
    )
    assert len(group["sample_account_ids"]) == 8
    assert group["sample_account_ids"][0] == await id_of(anna, "member9")
    assert {a["id"] for a in found["accounts"]} == set(group["sample_account_ids"])
    assert [s["id"] for s in found["statuses"]] == [status_id]
    rows = await anna.get("/api/v1/notifications")
    assert {row["group_key"] for row in rows} == {group["group_key"]}
    assert group["page_max_id"] == rows[0]["id"]
    assert group["most_recent_notification_id"] == int(rows[0]["id"])  # a number, see there
    assert group["page_min_id"] == rows[-1]["id"]
    assert await anna.get(f"{INDEX}/unread_count") == {"count": 1}
    everybody = await anna.get(f"{INDEX}/{group['group_key']}/accounts")
    assert len(everybody) == 10
    single = await anna.get(f"{INDEX}/{group['group_key']}")
    assert "page_min_id" not in single["notification_groups"][0]
    assert await anna.post(f"{INDEX}/{group['group_key']}/dismiss") == {}
    assert (await anna.get(INDEX))["notification_groups"] == []


async def test_what_is_not_grouped_stands_alone(anna: Api, crowd: list[Api]) -> None:
    await favourited(anna, crowd[:3])
    found = await anna.get(INDEX, **{"grouped_types[]": "follow"})
    keys = [group["group_key"] for group in found["notification_groups"]]
    assert len(keys) == 3
    assert all(key.startswith("ungrouped-") for key in keys)
    one = await anna.get(f"{INDEX}/{keys[0]}")
    assert one["notification_groups"][0]["notifications_count"] == 1
    for unknown in ("ungrouped-1", "nothing", "ungrouped-x", "ungrouped-" + "9" * 30):
        assert (await anna("GET", f"{INDEX}/{unknown}")).status_code == 404


async def test_pages_lead_through_all_groups_once(
    anna: Api, crowd: list[Api], runtime: Runtime
) -> None:
    posts = [await favourited(anna, crowd[:2]) for _ in range(3)]
    await crowd[0].post("/api/v1/statuses", status="@anna hello")
    await run_jobs(runtime)
    await favourited(anna, crowd[2:3])
    seen, url = [], f"{INDEX}?limit=2"
    while url:
        answer = await anna("GET", url)
        groups = answer.json()["notification_groups"]
        assert len(groups) <= 2
        seen += [(group["type"], group.get("status_id")) for group in groups]
        url = answer.links.get("next", {}).get("url", "")
    assert len(seen) == len(set(seen)) == 5
    assert {status for kind, status in seen if kind == "favourite"} >= set(posts)
    first = (await anna.get(INDEX, limit=1))["notification_groups"][0]
    newer = await anna.get(INDEX, min_id=str(int(first["page_max_id"]) - 1))
    assert [g["group_key"] for g in newer["notification_groups"]] == [first["group_key"]]


async def test_only_the_first_is_told_whole(anna: Api, crowd: list[Api]) -> None:
    await favourited(anna, crowd)
    found = await anna.get(INDEX, expand_accounts="partial_avatars")
    assert len(found["accounts"]) == 1
    assert len(found["partial_accounts"]) == 7
    assert set(found["partial_accounts"][0]) == {
        "id",
        "acct",
        "url",
        "avatar",
        "avatar_static",
        "avatar_description",
        "locked",
        "bot",
    }


async def test_a_client_that_does_not_know_a_kind_gets_words(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    made = await anna.post("/api/v1/statuses", status="nice")
    await ben.post(f"/api/v1/statuses/{made['id']}/favourite")
    await ben("PUT", f"/api/v1/pleroma/statuses/{made['id']}/reactions/🎉")
    await ben("PATCH", "/api/v1/profile", json={"display_name": "<b>Ben</b>"})
    kind = "pleroma:emoji_reaction"

    async def words(**query: str) -> list[list[str | None]]:
        one_by_one = await anna.get("/api/v1/notifications", **query)
        groups = (await anna.get(INDEX, **query))["notification_groups"]
        each = await anna.get(f"/api/v1/notifications/{one_by_one[0]['id']}", **query)
        assert each == one_by_one[0]
        return [
            [
                found[kind]["title"] if found[kind] else None,
                found["favourite"]["title"] if found["favourite"] else None,
            ]
            for found in (
                {row["type"]: row.get("fallback") for row in rows} for rows in (one_by_one, groups)
            )
        ]

    title = (
        '<a href="http://localhost:3000/@ben" class="u-url mention">&lt;b&gt;Ben&lt;/b&gt;</a>'
        " reacted to your post"
    )
    # All clients know favourites.
    assert await words(**{"supported_types[]": "follow"}) == [[title, None]] * 2
    assert await words(**{"supported_types[]": kind}) == [[None, None]] * 2
    assert await words() == [[None, None]] * 2
    # In the language that the member chose, like what is wrong with a form.
    query = {"supported_types[]": "follow"}
    for locale in ("nl", "nl-BE"):
        await runtime.db.execute("UPDATE users SET locale = $1", locale)
        [row, _] = await anna.get("/api/v1/notifications", **query)
        [group, _] = (await anna.get(INDEX, **query))["notification_groups"]
        assert row["fallback"] == group["fallback"]
        assert row["fallback"]["title"].endswith("reageerde op je bericht")
        assert row["fallback"]["summary"].endswith(
            '<a href="http://localhost:3000">localhost:3000</a>.'
        )
    assert await words(**query, lang="en") == [[title, None]] * 2


async def test_a_page_costs_the_same_however_long_it_is(anna: Api, crowd: list[Api]) -> None:
    for _ in range(6):
        await favourited(anna, crowd[:2])
    await anna.get(INDEX)
    with count_queries() as few:
        await anna.get(INDEX, limit=1)
    with count_queries() as many:
        await anna.get(INDEX, limit=6)
    assert len(few) == len(many)


async def test_those_of_others_are_not_there(anna: Api, ben: Api, crowd: list[Api]) -> None:
    await favourited(anna, crowd[:2])
    key = (await anna.get(INDEX))["notification_groups"][0]["group_key"]
    assert (await ben("GET", f"{INDEX}/{key}")).status_code == 404
    await ben.post(f"{INDEX}/{key}/dismiss")
    assert len((await anna.get(INDEX))["notification_groups"]) == 1


POLICY = "/api/v2/notifications/policy"
REQUESTS = "/api/v1/notifications/requests"


async def told(api: Api) -> list[Any]:
    return [row["type"] for row in await api.get("/api/v1/notifications")]


async def test_a_policy_filters_and_a_request_lets_in(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    before = await anna.get(POLICY)
    assert before["for_private_mentions"] == "filter"
    assert before["for_not_following"] == "accept"
    changed = (await anna("PATCH", POLICY, json={"for_not_following": "filter"})).json()
    assert changed == {**before, "for_not_following": "filter"}
    made = await ben.post("/api/v1/statuses", status="@anna hello")
    await run_jobs(runtime)
    assert await told(anna) == []
    [request] = await anna.get(REQUESTS)
    assert (request["account"]["acct"], request["notifications_count"]) == ("ben", "1")
    assert request["last_status"]["id"] == made["id"]
    summary = (await anna.get(POLICY))["summary"]
    assert summary == {"pending_requests_count": 1, "pending_notifications_count": 1}
    assert len(await anna.get("/api/v1/notifications", include_filtered=True)) == 1
    assert (await ben("POST", f"{REQUESTS}/{request['id']}/accept")).status_code == 404
    assert await anna.get(f"{REQUESTS}/{request['id']}") == request
    assert await anna.post(f"{REQUESTS}/{request['id']}/accept") == {}
    assert await anna.get(f"{REQUESTS}/merged") == {"merged": True}
    await ben.post("/api/v1/statuses", status="@anna again")
    await run_jobs(runtime)
    assert await told(anna) == ["mention", "mention"]
    assert await anna.get(REQUESTS) == []


async def test_unasked_private_words_wait_and_answers_do_not(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    await ben.post("/api/v1/statuses", status="@anna psst", visibility="direct")
    await run_jobs(runtime)
    assert await told(anna) == []
    [request] = await anna.get(REQUESTS)
    assert await anna.post(f"{REQUESTS}/dismiss", id=[request["id"]]) == {}
    assert await anna.get("/api/v1/notifications", include_filtered=True) == []
    mine = await anna.post("/api/v1/statuses", status="@ben tell me", visibility="direct")
    await ben.post(
        "/api/v1/statuses", status="@anna so", visibility="direct", in_reply_to_id=mine["id"]
    )
    await run_jobs(runtime)
    assert await told(anna) == ["mention"]


async def test_what_is_dropped_never_comes(anna: Api, ben: Api, runtime: Runtime) -> None:
    for name in ("for_not_followers", "for_new_accounts", "for_bots"):
        await anna("PUT", POLICY, json={name: "drop"})
        await ben.post("/api/v1/statuses", status="@anna hello")
        await run_jobs(runtime)
        if name == "for_bots":
            await ben("PATCH", "/api/v1/accounts/update_credentials", json={"bot": True})
            await ben.post("/api/v1/statuses", status="@anna beep")
        await run_jobs(runtime)
        await anna("PUT", POLICY, json={name: "accept"})
    assert await told(anna) == ["mention"]
    assert await anna.get(REQUESTS) == []


async def test_policies_that_cannot_be(anna: Api) -> None:
    assert (await anna("PATCH", POLICY, json={"for_bots": "burn"})).status_code == 422


async def test_the_older_shape_of_the_policy(anna: Api) -> None:
    path = "/api/v1/notifications/policy"
    body = {"filter_new_accounts": True, "filter_private_mentions": False, "filter_bots": True}
    changed = (await anna("PUT", path, json=body)).json()
    assert changed["filter_new_accounts"] is True
    assert changed["filter_private_mentions"] is False
    assert changed["filter_bots"] is True
    policy = await anna.get(POLICY)
    assert (policy["for_new_accounts"], policy["for_bots"]) == ("filter", "filter")
    assert await anna.get(path) == changed


async def test_what_is_asked_for_wrongly(anna: Api) -> None:
    answer = await anna("GET", "/api/v2/notifications", params={"expand_accounts": "none"})
    assert answer.status_code == 400
    assert "expand_accounts" in answer.json()["error"]
    for version in (1, 2):
        found = await anna.get(f"/api/v{version}/notifications", account_id="nobody")
        assert (found if version == 1 else found["notification_groups"]) == []
