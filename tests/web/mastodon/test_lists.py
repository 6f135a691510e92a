import pytest

from server.runtime import Runtime
from tests.makers import Api, id_of, make_member, run_jobs


async def test_a_list_from_its_making_to_its_end(anna: Api) -> None:
    made = await anna.post("/api/v1/lists", title="Friends")
    assert (made["title"], made["replies_policy"], made["exclusive"]) == ("Friends", "list", False)
    path = f"/api/v1/lists/{made['id']}"
    changed = (await anna("PUT", path, json={"replies_policy": "none", "exclusive": True})).json()
    assert changed == {**made, "replies_policy": "none", "exclusive": True}
    assert await anna.get(path) == changed
    assert await anna.get("/api/v1/lists") == [changed]
    assert (await anna("DELETE", path)).json() == {}
    assert (await anna("GET", path)).status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"title": " "}, {"title": "x" * 257}, {"title": "x", "replies_policy": "all"}]
)
async def test_lists_that_cannot_be(anna: Api, body: dict[str, str]) -> None:
    answer = await anna("POST", "/api/v1/lists", json=body)
    assert (answer.status_code, set(answer.json())) == (422, {"error"})


async def test_those_of_others_are_not_there(anna: Api, ben: Api) -> None:
    made = await anna.post("/api/v1/lists", title="Secret")
    path = f"/api/v1/lists/{made['id']}"
    for method, end in (
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("GET", "/accounts"),
        ("POST", "/accounts"),
        ("DELETE", "/accounts"),
    ):
        answer = await ben(method, path + end, json={"title": "x", "account_ids": []})
        assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})
    assert await ben.get("/api/v1/lists") == []


async def test_members_come_and_go(anna: Api, ben: Api) -> None:
    ben_id = await id_of(anna, "ben")
    made = await anna.post("/api/v1/lists", title="Friends")
    path = f"/api/v1/lists/{made['id']}/accounts"
    await anna.post(f"/api/v1/accounts/{ben_id}/follow")
    await anna.post(path, account_ids=[ben_id])
    again = await anna("POST", path, json={"account_ids": [ben_id]})
    assert (again.status_code, again.json()["error"]) == (
        422,
        "Validation failed: Account is already on the list",
    )
    assert [a["acct"] for a in await anna.get(path)] == ["ben"]
    assert await anna.get(f"/api/v1/accounts/{ben_id}/lists") == [made]
    await anna("DELETE", path, json={"account_ids": [ben_id]})
    assert await anna.get(path) == []
    assert await anna.get(f"/api/v1/accounts/{ben_id}/lists") == []


async def test_one_whom_one_does_not_follow_keeps_all_off(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    ben_id, carl = await id_of(anna, "ben"), await make_member(runtime, "carl")
    made = await anna.post("/api/v1/lists", title="Friends")
    await anna.post(f"/api/v1/accounts/{ben_id}/follow")
    path = f"/api/v1/lists/{made['id']}/accounts"
    for other, status in ((str(carl.id), 422), ("1", 404)):
        answer = await anna("POST", path, json={"account_ids": [ben_id, other]})
        assert answer.status_code == status
        assert await anna.get(path) == []


async def test_who_was_asked_can_be_listed_until_the_answer_is_no(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    ben_id = await id_of(anna, "ben")
    await ben("PATCH", "/api/v1/accounts/update_credentials", json={"locked": True})
    made = await anna.post("/api/v1/lists", title="Friends")
    path, timeline = f"/api/v1/lists/{made['id']}/accounts", f"/api/v1/timelines/list/{made['id']}"
    await ben.post("/api/v1/statuses", status="before")
    await anna.post(f"/api/v1/accounts/{ben_id}/follow")
    await anna.post(path, account_ids=[ben_id])
    await ben.post("/api/v1/statuses", status="while anna waits")
    await run_jobs(runtime)
    assert [a["acct"] for a in await anna.get(path, limit=0)] == ["ben"]
    assert await anna.get(timeline) == []
    await ben.post(f"/api/v1/follow_requests/{await id_of(anna, 'anna')}/reject")
    assert await anna.get(path) == []


async def test_there_are_at_most_fifty(anna: Api) -> None:
    for _ in range(50):
        await anna.post("/api/v1/lists", title="one more")
    answer = await anna("POST", "/api/v1/lists", json={"title": "too many"})
    assert (answer.status_code, answer.json()["error"]) == (
        422,
        "Validation failed: You have reached the maximum number of lists",
    )


async def test_an_unfollow_ends_the_membership(anna: Api, ben: Api) -> None:
    ben_id = await id_of(anna, "ben")
    made = await anna.post("/api/v1/lists", title="Friends")
    await anna.post(f"/api/v1/accounts/{ben_id}/follow")
    await anna.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=[ben_id])
    await anna.post(f"/api/v1/accounts/{ben_id}/unfollow")
    assert await anna.get(f"/api/v1/lists/{made['id']}/accounts") == []


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("none", ["own", "to anna"]),
        ("list", ["own", "to anna", "to dora"]),
        ("followed", ["own", "to anna", "to carl", "to dora"]),
    ],
)
async def test_answers_as_the_list_wants_them(
    anna: Api, ben: Api, runtime: Runtime, policy: str, expected: list[str]
) -> None:
    from tests.makers import make_status

    ben_id = await id_of(anna, "ben")
    roots = {}
    followed = [ben_id]
    for name in ("carl", "dora", "emma"):
        account = await make_member(runtime, name)
        roots[name] = await make_status(runtime, account, name)
        followed.append(str(account.id))
    roots["anna"] = int((await anna.post("/api/v1/statuses", status="mine"))["id"])
    for account_id in followed[:3]:
        await anna.post(f"/api/v1/accounts/{account_id}/follow")
    made = await anna.post("/api/v1/lists", title="Friends", replies_policy=policy)
    members = [ben_id, followed[2]]
    await anna.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=members)
    await ben.post("/api/v1/statuses", status="own")
    for name, root in roots.items():
        await ben.post("/api/v1/statuses", status=f"to {name}", in_reply_to_id=str(root))
    await run_jobs(runtime)
    shown = await anna.get(f"/api/v1/timelines/list/{made['id']}")
    texts = [s["content"] for s in shown if s["account"]["acct"] == "ben"]
    assert sorted(texts) == [f"<p>{text}</p>" for text in sorted(expected)]
