import pytest

from server.identity.members import create_member
from server.runtime import Runtime
from server.store import local_accounts
from tests.makers import Api, id_of, make_remote, make_token, outgoing


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
    body = {"account_id": ben_id, "status_ids": [seen["id"]], "comment": "look", "category": "spam"}
    for other in (
        {"status_ids": [hidden["id"]]},
        {"status_ids": [own["id"]]},
        {"collection_ids": ["1"]},
    ):
        assert (await anna("POST", "/api/v1/reports", json={**body, **other})).status_code == 404
    made = await anna.post("/api/v1/reports", **body)
    assert (made["target_account"]["acct"], made["category"], made["comment"]) == (
        "ben",
        "spam",
        "look",
    )
    assert made["status_ids"] == [seen["id"]]
    assert made["action_taken"] is False
    [told] = await owner.get("/api/v1/notifications")
    assert (told["type"], told["report"]["id"]) == ("admin.report", made["id"])
    grouped = await owner.get("/api/v2/notifications")
    assert grouped["notification_groups"][0]["report"]["id"] == made["id"]
    assert await ben.get("/api/v1/notifications") == []
    await anna.post("/api/v1/reports", account_id=ben_id)
    told = await owner.get("/api/v1/notifications")
    assert len(told) == 1, "of another one while the first is open nobody is told"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 404),
        ({"account_id": "1"}, 404),
        ({"account_id": "x"}, 404),
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


async def test_the_origin_is_told_in_the_name_of_the_instance(
    anna: Api, owner: Api, runtime: Runtime
) -> None:
    remy = await make_remote(runtime)
    uri = f"{remy.uri}/statuses/1"
    status_id = await runtime.db.fetchval(
        """
        INSERT INTO statuses (account_id, uri, local, visibility, content, thread_id)
        VALUES ($1, $2, false, 'public', '<p>spam</p>', 1) RETURNING id
        """,
        remy.id,
        uri,
    )
    body = {"account_id": str(remy.id), "status_ids": [str(status_id)], "comment": "look"}
    for more in ({}, {"forward": True, "forward_to_domains": ["nowhere.example"]}):
        made = await anna.post("/api/v1/reports", **body, **more)
        assert made["forwarded"] is False
    assert await outgoing(runtime) == []
    made = await anna.post("/api/v1/reports", **body, forward=True)
    assert made["forwarded"] is True
    [flag] = await outgoing(runtime)
    instance = await local_accounts.find_instance_actor(runtime.db)
    assert instance
    assert (flag["type"], flag["actor"], flag["object"], flag["content"]) == (
        "Flag",
        instance.uri,
        [remy.uri, uri],
        "look",
    )
    assert "anna" not in str(flag)
    # Moderators of whom a post answers are told if that is wished.
    olaf = await make_remote(runtime, "olaf", domain="other.example")
    await runtime.db.execute(
        "UPDATE statuses SET in_reply_to_account_id = $2 WHERE id = $1", status_id, olaf.id
    )
    for domains in (["far.example"], ["Other.example"], []):
        await runtime.db.execute("DELETE FROM outgoing")
        made = await anna.post("/api/v1/reports", **body, forward=True, forward_to_domains=domains)
        assert made["forwarded"] is (domains == ["far.example"])
        rows = await runtime.db.fetch("SELECT inbox_url FROM deliveries")
        told = [row["inbox_url"].split("/")[2] for row in rows]
        assert told == [domain.lower() for domain in domains]
    assert (await anna.post("/api/v1/reports", account_id=await id_of(anna, "boss"), forward=True))[
        "forwarded"
    ] is False
