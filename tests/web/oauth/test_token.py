"""Tokens beside the code flow: an application's own, revoked ones, and how clients prove who."""

import base64
from typing import Any

import httpx
import pytest

from server.runtime import Runtime
from tests.makers import Api, make_member, make_token
from web import auth
from web.request import Request


@pytest.fixture
async def app(stranger: Api) -> dict[str, Any]:
    return await stranger.post(  # type: ignore[no-any-return]
        "/api/v1/apps",
        client_name="Pilot",
        scopes="read write:accounts",
        redirect_uris="https://client.example/a\nhttps://client.example/b",
        website="https://client.example",
    )


def secrets(app: dict[str, Any]) -> dict[str, str]:
    return {"client_id": app["client_id"], "client_secret": app["client_secret"]}


async def own_token(client: httpx.AsyncClient, app: dict[str, Any], **more: str) -> httpx.Response:
    form = {"grant_type": "client_credentials", **secrets(app), **more}
    return await client.post("/oauth/token", data=form)


async def test_an_application_knows_itself(client: httpx.AsyncClient, app: dict[str, Any]) -> None:
    answer = await own_token(client, app)
    assert answer.json()["scope"] == "read"
    assert answer.headers["cache-control"] == "no-store"
    api = Api(client, answer.json()["access_token"])
    found = await api.get("/api/v1/apps/verify_credentials")
    assert (found["name"], found["website"]) == ("Pilot", "https://client.example")
    assert found["redirect_uris"] == ["https://client.example/a", "https://client.example/b"]
    assert "client_secret" not in found
    # What needs a person is not for an application alone.
    for path in ("/api/v1/accounts/verify_credentials", "/api/v1/timelines/home"):
        refused = await api("GET", path)
        assert (refused.status_code, refused.json()) == (
            422,
            {"error": "This method requires an authenticated user"},
        )


@pytest.mark.parametrize(
    ("more", "status", "error"),
    [
        ({"scope": "read follow"}, 400, "invalid_scope"),
        ({"scope": "everything"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        # Tokens do not end, so there is nothing to refresh, and no scope to be widened by it.
        (
            {"grant_type": "refresh_token", "refresh_token": "x", "scope": "read write"},
            400,
            "unsupported_grant_type",
        ),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": ""}, 401, "invalid_client"),
    ],
)
async def test_what_gives_no_token(
    client: httpx.AsyncClient, app: dict[str, Any], more: dict[str, str], status: int, error: str
) -> None:
    answer = await own_token(client, app, **more)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]


async def test_basic_is_as_good_and_garbage_is_not(
    client: httpx.AsyncClient, app: dict[str, Any]
) -> None:
    pair = f"{app['client_id']}:{app['client_secret']}"
    form = {"grant_type": "client_credentials"}
    for value, status in (
        (base64.b64encode(pair.encode()).decode(), 200),
        (base64.b64encode(b"x:y").decode(), 401),
        (base64.b64encode(b"\xff\xfe").decode(), 401),
        ("%%%", 401),
    ):
        headers = {"Authorization": f"Basic {value}"}
        answer = await client.post("/oauth/token", data=form, headers=headers)
        assert answer.status_code == status, value


async def test_a_revoked_token_opens_nothing(
    client: httpx.AsyncClient, app: dict[str, Any]
) -> None:
    token = (await own_token(client, app)).json()["access_token"]
    api = Api(client, token)
    await api.get("/api/v1/apps/verify_credentials")
    for _ in range(2):  # one that is unknown is revoked already (RFC 7009, 2.2)
        answer = await client.post("/oauth/revoke", data={**secrets(app), "token": token})
        assert (answer.status_code, answer.json()) == (200, {})
    refused = await api("GET", "/api/v1/apps/verify_credentials")
    assert refused.status_code == 401
    assert "Bearer" in refused.headers["www-authenticate"]


async def test_a_token_that_nobody_knows_is_none(anna: Api, client: httpx.AsyncClient) -> None:
    shown, hidden = [
        (await anna.post("/api/v1/statuses", status="hi", visibility=visibility))["id"]
        for visibility in ("public", "private")
    ]
    wrong = Api(client, "nobody-knows-it")
    assert (await wrong.get(f"/api/v1/statuses/{shown}"))["content"] == "<p>hi</p>"
    assert (await wrong("GET", f"/api/v1/statuses/{hidden}")).status_code == 404
    assert [one["id"] for one in await wrong.get("/api/v1/timelines/public")] == [shown]
    for method, path in (("GET", "/api/v1/timelines/home"), ("POST", "/api/v1/statuses")):
        refused = await wrong(method, path)
        assert (refused.status_code, refused.json()) == (
            401,
            {"error": "The access token is invalid"},
        )


@pytest.mark.parametrize("name", ["access_token", "bearer_token"])
async def test_query_and_body_may_carry_the_token(
    client: httpx.AsyncClient, runtime: Runtime, name: str
) -> None:
    token = await make_token(runtime, await make_member(runtime))
    path = "/api/v1/timelines/home"
    answer = await client.get(path, params={name: token, "limit": "1"})
    assert answer.status_code == 200
    for odd in ("", "x", token[:-1], token + "é"):
        assert (await client.get(path, params={name: odd})).status_code == 401
    said = {name: token, "status": "hi"}
    parts = {key: (None, text) for key, text in said.items()}
    for body in ({"data": said}, {"json": said}, {"files": parts}):
        made = await client.post("/api/v1/statuses", **body)
        assert (made.status_code, made.json()["content"]) == (200, "<p>hi</p>")
    listed = await client.get(path, params={name: token, "limit": "1"})
    assert 'rel="next"' in listed.headers["link"]
    assert token not in listed.headers["link"]
    # What is long or cannot be read is not searched for a token.
    long = {**said, "note": "x" * 70_000}
    for other in ({"json": long}, {"content": b"{", "headers": {"Content-Type": "text/json"}}):
        assert (await client.post("/api/v1/statuses", **other)).status_code == 401


async def test_the_metadata_name_addresses_that_are_there(client: httpx.AsyncClient) -> None:
    found = (await client.get("/.well-known/oauth-authorization-server")).json()
    assert found["issuer"] == "http://localhost:3000/"
    assert found["code_challenge_methods_supported"] == ["S256"]
    for name, method in (
        ("authorization_endpoint", "GET"),
        ("token_endpoint", "POST"),
        ("revocation_endpoint", "POST"),
        ("userinfo_endpoint", "GET"),
        ("app_registration_endpoint", "POST"),
    ):
        answer = await client.request(method, found[name])
        assert answer.status_code in {400, 401, 422}, name


async def test_a_program_is_refused_as_one_whatever_it_accepts(client: httpx.AsyncClient) -> None:
    answer = await client.get("/oauth/userinfo", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()) == (401, {"error": "The access token is invalid"})


async def test_no_body_is_searched_where_no_token_is_wanted(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched = []

    async def search(request: Request) -> dict[str, str]:
        searched.append(request.url.path)
        return {}

    monkeypatch.setattr(auth, "read_body", search)
    for path in ("/oauth/token", "/ap/inbox", "/api/v1/statuses"):
        await client.post(path, json={"access_token": "x"})
    assert searched == ["/api/v1/statuses"]
