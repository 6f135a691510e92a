"""The OAuth code flow, and what people have tried against it."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from server.runtime import Runtime
from tests.forms import PASSWORD, hidden, sign_in
from tests.makers import Api, make_member

CALLBACK = "https://client.example/callback"
VERIFIER = "v" * 64
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)


@pytest.fixture
async def app(stranger: Api, runtime: Runtime) -> dict[str, Any]:
    await make_member(runtime, "anna", password=PASSWORD)
    return await stranger.post(  # type: ignore[no-any-return]
        "/api/v1/apps",
        client_name="Pilot",
        redirect_uris=[CALLBACK, "pilot://done"],
        scopes="read write",
    )


def request_of(app: dict[str, Any], **more: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": CALLBACK,
        "scope": "read",
        "state": "s t&a",
        **more,
    }


async def get_code(client: httpx.AsyncClient, app: dict[str, Any], **more: str) -> str:
    await sign_in(client)
    page = await client.get("/oauth/authorize", params=request_of(app, **more))
    assert page.status_code == 200
    answer = await client.post("/oauth/authorize", data=hidden(page.text) | {"allow": "yes"})
    assert answer.status_code == 302, answer.text
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["state"] == ["s t&a"]
    return query["code"][0]


async def exchange(
    client: httpx.AsyncClient, app: dict[str, Any], code: str, **more: str
) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
        **more,
    }
    return await client.post("/oauth/token", data=form)


async def test_a_code_becomes_a_token_once(
    client: httpx.AsyncClient, app: dict[str, Any], runtime: Runtime
) -> None:
    code = await get_code(client, app, code_challenge=CHALLENGE, code_challenge_method="S256")
    first = await exchange(client, app, code, code_verifier=VERIFIER)
    assert first.json()["scope"] == "read"
    assert first.json()["token_type"] == "Bearer"
    headers = {"Authorization": f"Bearer {first.json()['access_token']}"}
    assert (
        await client.get("/api/v1/accounts/verify_credentials", headers=headers)
    ).status_code == 200
    info = (await client.get("/oauth/userinfo", headers=headers)).json()
    assert info["preferred_username"] == "anna"
    nobody = await client.get("/oauth/userinfo", headers={"Accept": "text/html"})
    assert (nobody.status_code, "error" in nobody.json()) == (401, True)
    again = await exchange(client, app, code, code_verifier=VERIFIER)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    # One of the two was a thief: what the code gave is void.
    assert await runtime.db.fetchval("SELECT count(*) FROM tokens") == 0


@pytest.mark.parametrize(
    "more",
    [
        {"code_verifier": "w" * 64},
        {},
        {"code_verifier": VERIFIER, "redirect_uri": "pilot://done"},
    ],
)
async def test_a_code_needs_its_verifier_and_its_address(
    client: httpx.AsyncClient, app: dict[str, Any], more: dict[str, str]
) -> None:
    code = await get_code(client, app, code_challenge=CHALLENGE, code_challenge_method="S256")
    answer = await exchange(client, app, code, **more)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_a_verifier_without_a_challenge_is_a_downgrade(
    client: httpx.AsyncClient, app: dict[str, Any]
) -> None:
    code = await get_code(client, app)
    assert (await exchange(client, app, code, code_verifier=VERIFIER)).status_code == 400


async def test_another_app_cannot_use_the_code_or_revoke_the_token(
    client: httpx.AsyncClient, stranger: Api, app: dict[str, Any]
) -> None:
    other = await stranger.post("/api/v1/apps", client_name="Other", redirect_uris=CALLBACK)
    code = await get_code(client, app)
    assert (await exchange(client, other, code)).json()["error"] == "invalid_grant"
    token = (await exchange(client, app, await get_code(client, app))).json()["access_token"]
    secrets = {"client_id": other["client_id"], "client_secret": other["client_secret"]}
    answer = await client.post("/oauth/revoke", data=secrets | {"token": token})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "more",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": CALLBACK + "/more"},
        {"client_id": "unknown"},
        {"scope": "read admin:read"},
        {"response_type": "token"},
        {"code_challenge": CHALLENGE, "code_challenge_method": "plain"},
    ],
)
async def test_a_wrong_request_never_leads_away(
    client: httpx.AsyncClient, app: dict[str, Any], more: dict[str, str]
) -> None:
    await sign_in(client)
    answer = await client.get("/oauth/authorize", params=request_of(app, **more))
    assert answer.status_code in {400, 401}
    assert "location" not in answer.headers


@pytest.mark.parametrize("uri", ["javascript:alert(1)", "data:text/html,x", "no address", ""])
async def test_apps_cannot_register_dangerous_addresses(stranger: Api, uri: str) -> None:
    answer = await stranger("POST", "/api/v1/apps", json={"client_name": "x", "redirect_uris": uri})
    assert answer.status_code == 422


async def test_a_form_from_elsewhere_allows_nothing(
    client: httpx.AsyncClient, app: dict[str, Any]
) -> None:
    await sign_in(client)
    form = request_of(app) | {"allow": "yes", "csrf": "0" * 64}
    assert (await client.post("/oauth/authorize", data=form)).status_code == 403


async def test_denied_is_told_to_the_app(client: httpx.AsyncClient, app: dict[str, Any]) -> None:
    await sign_in(client)
    page = await client.get("/oauth/authorize", params=request_of(app))
    answer = await client.post("/oauth/authorize", data=hidden(page.text) | {"allow": "no"})
    assert "error=access_denied" in answer.headers["location"]
    same = await client.request("DELETE", "/oauth/authorize", data=hidden(page.text))
    assert same.headers["location"] == answer.headers["location"]
    forged = await client.request("DELETE", "/oauth/authorize", data=request_of(app))
    assert forged.status_code == 403


async def test_sign_in_leads_back_to_our_own_paths_alone(
    client: httpx.AsyncClient, app: dict[str, Any]
) -> None:
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"):
        form = {"login": "anna", "password": PASSWORD, "next": target}
        answer = await client.post("/auth/sign_in", data=form)
        assert answer.headers["location"] == "/"


async def test_guessing_is_slow_and_tells_nothing(
    client: httpx.AsyncClient, app: dict[str, Any]
) -> None:
    wrong = await sign_in(client, "wrong password")
    unknown = await sign_in(client, "wrong password", "nobody")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    for _ in range(10):
        await sign_in(client, "wrong password", "victim")
    assert (await sign_in(client, PASSWORD, "victim")).status_code == 429


async def test_a_session_cookie_is_new_at_each_sign_in_and_carries_the_instance(
    client: httpx.AsyncClient, app: dict[str, Any]
) -> None:
    first = await sign_in(client)
    second = await sign_in(client)
    cookies = [answer.headers["set-cookie"] for answer in (first, second)]
    assert cookies[0] != cookies[1]
    for cookie in cookies:
        assert cookie.startswith("wandelgang_")
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie


async def test_a_dump_of_the_database_lets_nobody_in(
    client: httpx.AsyncClient, app: dict[str, Any], runtime: Runtime
) -> None:
    code = await get_code(client, app)
    token = (await exchange(client, app, code)).json()["access_token"]
    session = next(iter(client.cookies.values()))
    tables = await runtime.db.fetch(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    )
    dump = ""
    for table in tables:
        dump += str([tuple(r) for r in await runtime.db.fetch(f"SELECT * FROM {table[0]}")])
    for secret in (code, token, session, app["client_secret"], PASSWORD, "PRIVATE KEY"):
        assert secret not in dump


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"client_name": "x" * 61}, "Application name is too long (maximum is 60 characters)"),
        ({"website": "nowhere"}, "Application website is not a valid URL"),
        ({"website": "https://x.example/" + "y" * 2000}, "Application website is too long"),
    ],
)
async def test_applications_that_cannot_be(stranger: Api, wrong: dict[str, str], text: str) -> None:
    body = {"client_name": "x", "redirect_uris": CALLBACK, **wrong}
    answer = await stranger("POST", "/api/v1/apps", json=body)
    assert answer.status_code == 422
    assert text in answer.json()["error"]


async def test_scopes_as_a_list_are_heard_as_none(stranger: Api) -> None:
    body = {"client_name": "x", "redirect_uris": CALLBACK, "scopes": ["read", "write"]}
    assert (await stranger.post("/api/v1/apps", **body))["scopes"] == ["read"]
