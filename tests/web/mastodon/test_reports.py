import pytest

from server.identity.members import create_member
from server.runtime import Runtime
from tests.makers import Api, make_token
from tests.web.mastodon.test_accounts import id_of


@pytest.fixture
async def owner(runtime: Runtime, anna: Api) -> Api:
    """Who runs the instance."""
    account = await create_member(runtime, "boss", "boss@example.org", role="owner")
    return Api(anna._client, await make_token(runtime, account))


async def test_moderators_hear_of_a_report(anna: Api, ben: Api, owner: Api) -> None:
    ben_id = await id_of(anna, "ben")
    seen = await ben.post("/api/v1/statuses", status="spam")
    hidden = await ben.post("/api/v1/statuses", status="psst", visibility="private")
    own = await anna.post("/api/v1/statuses", status="mine")
    made = await anna.post(
        "/api/v1/reports",
        account_id=ben_id,
        status_ids=[seen["id"], hidden["id"], own["id"]],
        comment="look",
        category="spam",
    )
    assert (made["target_account"]["acct"], made["category"], made["comment"]) == (
        "ben", "spam", "look",
    )  # fmt: skip
    assert made["status_ids"] == [seen["id"]], "only what the reporter may see of the reported"
    assert made["action_taken"] is False
    [told] = await owner.get("/api/v1/notifications")
    assert (told["type"], told["report"]["id"]) == ("admin.report", made["id"])
    grouped = await owner.get("/api/v2/notifications")
    assert grouped["notification_groups"][0]["report"]["id"] == made["id"]
    assert await ben.get("/api/v1/notifications") == []
    await anna.post("/api/v1/reports", account_id=ben_id)
    assert len(await owner.get("/api/v1/notifications")) == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"account_id": "1"}, 404),
        ({"account_id": "x"}, 400),
        ({"comment": "x" * 1001}, 422),
        ({"category": "boring"}, 422),
    ],
)
async def test_reports_that_cannot_be(
    anna: Api, ben: Api, body: dict[str, str], status: int
) -> None:
    if body and "account_id" not in body:
        body = {"account_id": await id_of(ben, "ben"), **body}
    answer = await anna("POST", "/api/v1/reports", json=body)
    assert (answer.status_code, set(answer.json())) == (status, {"error"})
