import base64
from typing import Any

import httpx
import pytest

from server.runtime import Runtime
from server.store import accounts
from tests.makers import Api, make_member, make_token
from tests.push_service import Phone, unbase64

PATH = "/api/v1/push/subscription"
ENDPOINT = "https://push.example/abc"


async def test_a_subscription_from_its_making_to_its_end(anna: Api) -> None:
    assert (await anna("GET", PATH)).status_code == 404
    form = Phone().form(ENDPOINT, "mention", "admin.report", standard=True)
    made = await anna.post(PATH, **form)
    instance = await anna.get("/api/v2/instance")
    alerts = made.pop("alerts")
    assert made == {
        "id": made["id"],
        "endpoint": ENDPOINT,
        "standard": True,
        "policy": "all",
        "server_key": instance["configuration"]["vapid"]["public_key"],
    }
    assert 0 < made["id"] < 2**31
    assert [kind for kind, is_on in alerts.items() if is_on] == ["mention", "admin.report"]
    assert {"follow", "favourite", "reblog", "poll", "status", "quote"} < alerts.keys()
    assert await anna.get(PATH) == {**made, "alerts": alerts}
    changed = (
        await anna("PUT", PATH, json={"data": {"alerts": {"poll": "1"}, "policy": "followed"}})
    ).json()
    assert changed == {
        **made,
        "policy": "followed",
        "alerts": dict.fromkeys(alerts, False) | {"poll": True},
    }
    assert await anna.get(PATH) == changed
    for _ in range(2):
        assert (await anna("DELETE", PATH)).json() == {}
    for method in ("GET", "PUT"):
        answer = await anna(method, PATH)
        assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})


async def test_a_new_one_replaces_it_and_forms_are_read_as_well(anna: Api) -> None:
    await anna.post(PATH, **Phone().form(ENDPOINT, "mention", standard=True))
    phone = Phone()
    answer = await anna(
        "POST",
        PATH,
        data={
            "subscription[endpoint]": "https://push.example/two",
            "subscription[keys][p256dh]": base64.b64encode(phone.p256dh).decode(),
            "subscription[keys][auth]": base64.b64encode(phone.auth).decode(),
            "data[alerts][follow]": "true",
            "data[alerts][admin.sign_up]": "1",
            "data[alerts][mention]": "false",
            "data[alerts][nonsense]": "true",
            "data[policy]": "follower",
        },
    )
    assert answer.status_code == 200, answer.text
    found = await anna.get(PATH)
    assert (found["endpoint"], found["standard"]) == ("https://push.example/two", False)
    on = [kind for kind, is_on in found["alerts"].items() if is_on]
    assert (on, found["policy"]) == (["follow", "admin.sign_up"], "follower")


async def test_each_token_has_one_of_its_own(
    anna: Api, ben: Api, client: httpx.AsyncClient, runtime: Runtime
) -> None:
    await anna.post(PATH, **Phone().form(ENDPOINT, "mention"))
    account = await accounts.find_by_handle(runtime.db, "anna", None)
    assert account is not None
    second = Api(client, await make_token(runtime, account))
    for other in (second, ben):
        for method in ("GET", "PUT"):
            assert (await other(method, PATH)).status_code == 404
        assert (await other("DELETE", PATH)).status_code == 200
    assert (await anna.get(PATH))["endpoint"] == ENDPOINT


def broken(**subscription: Any) -> dict[str, Any]:
    form = Phone().form(ENDPOINT, "mention")
    form["subscription"] |= subscription
    return form


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"subscription": "x"}, 400),
        ({"subscription": {}}, 422),
        (broken(endpoint=""), 422),
        (broken(endpoint="http://push.example/abc"), 200),  # the instance under test is plain too
        (broken(endpoint="http://10.0.0.1/abc"), 422),
        (broken(endpoint="ftp://push.example/abc"), 422),
        (broken(endpoint="x\u0000"), 400),
        (broken(endpoint=5), 422),
        (broken(keys={}), 422),
        (broken(keys={"p256dh": "abc", "auth": "abc"}), 422),
        (broken(keys=None), 422),
        ({**broken(), "data": {"policy": "some"}}, 422),
        ({**broken(), "data": {"alerts": ["mention"]}}, 400),
        ({**broken(), "data": "mention"}, 400),
        ({**broken(), "data": ""}, 200),
        ({**broken(), "data": None}, 200),
    ],
)
async def test_what_cannot_be(anna: Api, body: dict[str, Any], status: int) -> None:
    answer = await anna("POST", PATH, json=body)
    assert answer.status_code == status, answer.text
    if status != 200:
        assert set(answer.json()) == {"error"}
        assert (await anna("GET", PATH)).status_code == 404


async def test_a_policy_that_there_is_not(anna: Api) -> None:
    await anna.post(PATH, **Phone().form(ENDPOINT, "mention"))
    answer = await anna("PUT", PATH, json={"data": {"policy": "some"}})
    assert answer.status_code == 422
    assert (await anna.get(PATH))["policy"] == "all"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
async def test_who_may(
    method: str, stranger: Api, client: httpx.AsyncClient, runtime: Runtime
) -> None:
    assert (await stranger(method, PATH)).status_code == 401
    account = await make_member(runtime, "carl")
    weak = Api(client, await make_token(runtime, account, "read write follow"))
    assert (await weak(method, PATH)).status_code == 403


async def test_the_database_alone_opens_nothing(anna: Api, runtime: Runtime) -> None:
    phone = Phone()
    await anna.post(PATH, **phone.form(ENDPOINT, "mention"))
    row = await runtime.db.fetchrow("SELECT * FROM push_subscriptions")
    key = await runtime.db.fetchrow("SELECT * FROM instance_keys")
    token = anna._headers["Authorization"].removeprefix("Bearer ").encode()
    stored = b"".join(value for value in (*row, *key) if isinstance(value, bytes))
    assert token not in stored
    assert phone.auth not in stored
    assert phone.p256dh in stored


async def test_the_key_is_one_and_is_told_everywhere(
    anna: Api, stranger: Api, runtime: Runtime
) -> None:
    app = await stranger.post("/api/v1/apps", client_name="x", redirect_uris="x:y")
    key = (await stranger.get("/api/v2/instance"))["configuration"]["vapid"]["public_key"]
    assert app["vapid_key"] == key
    assert (await anna.get("/api/v1/apps/verify_credentials"))["vapid_key"] == key
    assert (len(unbase64(key)), unbase64(key)[0]) == (65, 4)
    assert await runtime.db.fetchval("SELECT count(*) FROM instance_keys") == 1
