"""Reports as moderators find and change them."""

import httpx
import pytest

from server.runtime import Runtime
from server.store import rules
from tests.makers import Api, id_of, make_member, make_token

PATH = "/api/v1/admin/reports"


@pytest.fixture
async def mo(runtime: Runtime, client: httpx.AsyncClient) -> Api:
    moderator = await make_member(runtime, "mo", role="moderator")
    return Api(client, await make_token(runtime, moderator, "read admin:read admin:write"))


async def test_those_that_wait_those_that_do_not_and_all(mo: Api, anna: Api, ben: Api) -> None:
    ben_id = await id_of(anna, "ben")
    done, open_ = [(await anna.post("/api/v1/reports", account_id=ben_id))["id"] for _ in range(2)]
    await mo.post(f"{PATH}/{done}/resolve")
    for query, ids in (
        ("", [open_]),
        ("?unresolved=true", [open_]),
        ("?resolved=true", [done]),
        ("?resolved=true&unresolved=true", [open_, done]),
    ):
        assert [report["id"] for report in (await mo("GET", PATH + query)).json()] == ids


async def test_rules_that_are_cited_exist_and_go_with_a_violation(
    mo: Api, anna: Api, ben: Api, runtime: Runtime
) -> None:
    rule = str(await rules.insert_rule(runtime.db, "Be kind", "", {}))
    ben_id = await id_of(anna, "ben")
    made = await anna.post("/api/v1/reports", account_id=ben_id, rule_ids=[rule], category="spam")
    assert (made["category"], made["rule_ids"]) == ("violation", [rule])
    place = f"{PATH}/{made['id']}"
    for api, method, path, more in (
        (anna, "POST", "/api/v1/reports", {"account_id": ben_id}),
        (mo, "PUT", place, {"category": "violation"}),
    ):
        answer = await api(method, path, json={**more, "rule_ids": [rule, "99"]})
        assert answer.status_code == 422
        error = "Validation failed: Rule ids does not reference valid rules"
        assert answer.json() == {"error": error}
    answer = await mo("PUT", place, json={"category": "spam", "rule_ids": [rule]})
    assert answer.json() == {"error": "Validation failed: Rule ids must be blank"}
    # Taken away, it is cited here still, and nowhere else.
    await rules.delete_rule(runtime.db, int(rule))
    assert [one["text"] for one in (await mo.get(place))["rules"]] == ["Be kind"]
    assert await anna.get("/api/v1/instance/rules") == []
    new = {"account_id": ben_id, "category": "violation", "rule_ids": [rule]}
    assert (await anna("POST", "/api/v1/reports", json=new)).status_code == 422
    changed = await mo("PUT", place, json={"category": "spam"})
    assert (changed.json()["category"], changed.json()["rules"]) == ("spam", [])
