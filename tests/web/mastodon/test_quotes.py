"""Quotes through the client API: made, shown, agreed to and taken back."""

from typing import Any

import pytest

from server.runtime import Runtime
from tests.makers import Api, id_of, make_member, make_token, run_jobs


async def post(api: Api, **body: Any) -> dict[str, Any]:
    made: dict[str, Any] = await api.post("/api/v1/statuses", **{"status": "text", **body})
    return made


async def test_a_quote_shows_what_it_quotes(
    anna: Api, ben: Api, stranger: Api, runtime: Runtime
) -> None:
    original = await post(anna, status="first")
    assert original["quote_approval"] == {
        "automatic": ["public"],
        "manual": [],
        "current_user": "automatic",
    }
    quote = await post(ben, status="look", quoted_status_id=original["id"])
    assert quote["quote"]["state"] == "accepted"
    assert quote["quote"]["quoted_status"]["content"] == "<p>first</p>"
    assert quote["quote"]["quoted_status"]["quote"] is None
    again = await post(anna, status="mine", quoted_status_id=quote["id"])
    inner = again["quote"]["quoted_status"]["quote"]
    assert inner == {"state": "accepted", "quoted_status_id": original["id"]}
    await run_jobs(runtime)
    [told] = await anna.get("/api/v1/notifications", **{"types[]": "quote"})
    assert told["status"]["id"] == quote["id"]
    assert (await anna.get(f"/api/v1/statuses/{original['id']}"))["quotes_count"] == 1
    found = await ben.get(f"/api/v1/statuses/{original['id']}/quotes")
    assert [status["id"] for status in found] == [quote["id"]]
    seen = await stranger.get(f"/api/v1/statuses/{quote['id']}")
    assert seen["quote"]["quoted_status"]["id"] == original["id"]
    assert "favourited" not in seen["quote"]["quoted_status"]


async def test_who_may_quote_is_the_author_s_choice(anna: Api, ben: Api) -> None:
    original = await post(anna, quote_approval_policy="nobody")
    seen = await ben.get(f"/api/v1/statuses/{original['id']}")
    assert seen["quote_approval"] == {"automatic": [], "manual": [], "current_user": "denied"}
    body = {"status": "x", "quoted_status_id": original["id"]}
    assert (await ben("POST", "/api/v1/statuses", json=body)).status_code == 404
    path = f"/api/v1/statuses/{original['id']}/interaction_policy"
    assert (await ben("PUT", path, json={"quote_approval_policy": "public"})).status_code == 403
    assert (await anna("PUT", path, json={"quote_approval_policy": "all"})).status_code == 422
    changed = await anna("PUT", path, json={"quote_approval_policy": "followers"})
    assert changed.json()["quote_approval"]["automatic"] == ["followers"]
    assert (await ben("POST", "/api/v1/statuses", json=body)).status_code == 404
    await ben.post(f"/api/v1/accounts/{await id_of(ben, 'anna')}/follow")
    assert (await post(ben, **body))["quote"]["state"] == "accepted"


async def test_consent_can_be_taken_back(anna: Api, ben: Api) -> None:
    original = await post(anna)
    quote = await post(ben, quoted_status_id=original["id"])
    path = f"/api/v1/statuses/{original['id']}/quotes/{quote['id']}/revoke"
    assert (await ben("POST", path)).status_code == 403
    assert (await anna("POST", path)).json()["quote"] == {"state": "revoked", "quoted_status": None}
    assert (await ben.get(f"/api/v1/statuses/{original['id']}"))["quotes_count"] == 0
    assert await ben.get(f"/api/v1/statuses/{original['id']}/quotes") == []
    other = await post(anna)
    wrong = f"/api/v1/statuses/{other['id']}/quotes/{quote['id']}/revoke"
    assert (await anna("POST", wrong)).status_code == 404


async def test_a_deleted_post_leaves_its_quotes(anna: Api, ben: Api) -> None:
    original = await post(anna)
    quote = await post(ben, quoted_status_id=original["id"])
    await anna("DELETE", f"/api/v1/statuses/{original['id']}")
    found = await ben.get(f"/api/v1/statuses/{quote['id']}")
    assert found["quote"] == {"state": "deleted", "quoted_status": None}
    second = await post(anna)
    gone = await post(ben, quoted_status_id=second["id"])
    await ben("DELETE", f"/api/v1/statuses/{gone['id']}")
    assert (await anna.get(f"/api/v1/statuses/{second['id']}"))["quotes_count"] == 0


async def test_a_quote_is_never_for_more_than_what_it_quotes(
    anna: Api, ben: Api, stranger: Api
) -> None:
    own = await post(anna, visibility="private")
    quote = await post(anna, quoted_status_id=own["id"], visibility="public")
    assert quote["visibility"] == "private"
    assert (await stranger("GET", f"/api/v1/statuses/{quote['id']}")).status_code == 404
    body = {"status": "x", "quoted_status_id": own["id"]}
    assert (await ben("POST", "/api/v1/statuses", json=body)).status_code == 404


async def test_the_quoted_is_shown_to_whom_it_is_for(anna: Api, ben: Api, runtime: Runtime) -> None:
    carl = Api(anna._client, await make_token(runtime, await make_member(runtime, "carl")))
    original = await post(anna)
    quote = await post(ben, quoted_status_id=original["id"])
    path = f"/api/v1/statuses/{quote['id']}"
    await anna.post(f"/api/v1/accounts/{await id_of(anna, 'carl')}/block")
    assert (await carl.get(path))["quote"] == {"state": "unauthorized", "quoted_status": None}
    await anna.post(f"/api/v1/accounts/{await id_of(anna, 'carl')}/unblock")
    await carl.post(f"/api/v1/accounts/{await id_of(carl, 'anna')}/mute")
    assert (await carl.get(path))["quote"]["state"] == "muted_account"
    await carl.post(f"/api/v1/accounts/{await id_of(carl, 'anna')}/block")
    assert (await carl.get(path))["quote"]["state"] == "blocked_account"


async def test_quoters_hear_of_an_edit(anna: Api, ben: Api, runtime: Runtime) -> None:
    original = await post(anna)
    quote = await post(ben, quoted_status_id=original["id"])
    await anna("PUT", f"/api/v1/statuses/{original['id']}", json={"status": "other"})
    await run_jobs(runtime)
    [told] = await ben.get("/api/v1/notifications", **{"types[]": "quoted_update"})
    assert told["status"]["id"] == quote["id"]


@pytest.mark.parametrize(
    ("always", "may"), [(["public"], True), (["followers"], False), (["author"], False)]
)
async def test_who_may_answer(anna: Api, ben: Api, always: list[str], may: bool) -> None:
    made = await post(anna, interaction_policy={"can_reply": {"always": always}})
    answer = await ben(
        "POST", "/api/v1/statuses", json={"status": "a", "in_reply_to_id": made["id"]}
    )
    assert answer.status_code == (200 if may else 403)
    assert (await post(anna, in_reply_to_id=made["id"]))["in_reply_to_id"] == made["id"]
    named = await post(anna, status="@ben", interaction_policy={"can_reply": {"always": always}})
    assert (await post(ben, in_reply_to_id=named["id"]))["in_reply_to_id"] == named["id"]


async def test_what_stays_here_leaves_by_no_door(
    anna: Api, ben: Api, stranger: Api, runtime: Runtime
) -> None:
    from tests.makers import make_remote

    remy = await make_remote(runtime)
    await runtime.db.execute(
        "INSERT INTO follows (account_id, target_id) VALUES ($1, $2)",
        remy.id,
        int(await id_of(anna, "anna")),
    )
    made = await post(anna, status="#here", local_only=True)
    assert made["local_only"] is True
    assert (await ben.get(f"/api/v1/statuses/{made['id']}"))["id"] == made["id"]
    assert [s["id"] for s in await ben.get("/api/v1/timelines/public")] == [made["id"]]
    reply = await post(ben, in_reply_to_id=made["id"])
    assert reply["local_only"] is True
    boost = await ben.post(f"/api/v1/statuses/{made['id']}/reblog")
    quote = await post(ben, quoted_status_id=made["id"], local_only=False)
    assert quote["local_only"] is True
    await run_jobs(runtime)
    for gone in (made, reply, boost, quote):
        assert (await stranger("GET", f"/api/v1/statuses/{gone['id']}")).status_code == 404
        page = await stranger("GET", f"/@anna/{gone['id']}")
        assert page.status_code == 404
        document = await stranger(
            "GET", f"/ap/statuses/{gone['id']}", headers={"Accept": "application/activity+json"}
        )
        assert document.status_code == 404
    assert await stranger.get("/api/v1/timelines/public") == []
    assert await stranger.get("/api/v1/timelines/tag/here") == []
    assert await runtime.db.fetchval("SELECT count(*) FROM deliveries") == 0


async def test_in_private_only_those_are_quoted_who_read_it(anna: Api, ben: Api) -> None:
    original = await post(anna)
    body = {"quoted_status_id": original["id"], "visibility": "direct"}
    answer = await ben("POST", "/api/v1/statuses", json={"status": "look", **body})
    assert (answer.status_code, answer.json()["error"]) == (
        422,
        "Validation failed: Cannot quote a non-mentioned user in a Private Mention post.",
    )
    assert (await post(ben, **body, status="@anna look"))["quote"]["state"] == "accepted"


async def test_whom_one_blocks_one_does_not_quote(anna: Api, ben: Api) -> None:
    original = await post(anna)
    await ben.post(f"/api/v1/accounts/{await id_of(ben, 'anna')}/block")
    body = {"status": "x", "quoted_status_id": original["id"]}
    assert (await ben("POST", "/api/v1/statuses", json=body)).status_code == 404
