from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from server.settings import Settings
from tests import servers
from tests.makers import Api
from web.app import create_app

FORM = {"username": "nora", "email": "n@b.example", "password": "long enough", "agreement": "true"}


@pytest.fixture
async def open_client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(replace(settings, registrations="open"))
    async with (
        servers.kept_open(app.router.lifespan_context(app)),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=settings.origin) as client,
    ):
        yield client


async def application(client: httpx.AsyncClient) -> Api:
    app = (
        await client.post("/api/v1/apps", json={
            "client_name": "Pilot", "redirect_uris": "pilot://done", "scopes": "read write",
        })
    ).json()  # fmt: skip
    form = {
        "grant_type": "client_credentials", "client_id": app["client_id"],
        "client_secret": app["client_secret"], "scope": "read write",
    }  # fmt: skip
    token = (await client.post("/oauth/token", data=form)).json()["access_token"]
    return Api(client, token)


async def test_who_joins_is_in_at_once(open_client: httpx.AsyncClient) -> None:
    answer = await (await application(open_client))("POST", "/api/v1/accounts", data=FORM)
    assert (answer.status_code, answer.json()["scope"]) == (200, "read write")
    member = Api(open_client, answer.json()["access_token"])
    assert (await member.get("/api/v1/accounts/verify_credentials"))["acct"] == "nora"


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"agreement": "false"}, "agreement", "ERR_ACCEPTED"),
        ({"username": "admin"}, "username", "ERR_RESERVED"),
        ({"username": ""}, "username", "ERR_BLANK"),
        ({"email": "nobody"}, "email", "ERR_INVALID"),
        ({"password": "short"}, "password", "ERR_TOO_SHORT"),
    ],
)
async def test_what_is_wrong_is_told_by_field(
    open_client: httpx.AsyncClient, more: dict[str, Any], field: str, code: str
) -> None:
    api = await application(open_client)
    answer = await api("POST", "/api/v1/accounts", data=FORM | more)
    assert answer.status_code == 422
    assert [one["error"] for one in answer.json()["details"][field]] == [code]


async def test_a_closed_instance_takes_nobody(client: httpx.AsyncClient) -> None:
    answer = await (await application(client))("POST", "/api/v1/accounts", data=FORM)
    assert (answer.status_code, set(answer.json())) == (403, {"error"})
