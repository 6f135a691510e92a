from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from server.identity import sign_up
from server.runtime import Runtime
from server.settings import Settings
from server.store import users
from tests import servers
from tests.forms import site
from tests.makers import Api, make_member, make_token
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
        await client.post(
            "/api/v1/apps",
            json={
                "client_name": "Pilot",
                "redirect_uris": "pilot://done",
                "scopes": "read write",
            },
        )
    ).json()
    form = {
        "grant_type": "client_credentials",
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
        "scope": "read write",
    }
    token = (await client.post("/oauth/token", data=form)).json()["access_token"]
    return Api(client, token)


async def test_who_joins_is_in_at_once(runtime: Runtime, open_client: httpx.AsyncClient) -> None:
    form = FORM | {"time_zone": "Europe/Amsterdam"}
    answer = await (await application(open_client))("POST", "/api/v1/accounts", data=form)
    assert (answer.status_code, answer.json()["scope"]) == (200, "read write")
    member = Api(open_client, answer.json()["access_token"])
    assert (await member.get("/api/v1/accounts/verify_credentials"))["acct"] == "nora"
    assert await runtime.db.fetchval("SELECT time_zone FROM users") == "Europe/Amsterdam"


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


async def test_all_that_is_wrong_is_told_at_once(open_client: httpx.AsyncClient) -> None:
    answer = await (await application(open_client))("POST", "/api/v1/accounts", data={})
    assert set(answer.json()["details"]) == {"username", "email", "password", "agreement"}
    assert answer.json()["error"].startswith("Validation failed: Username can't be blank, ")
    email = [one["error"] for one in answer.json()["details"]["email"]]
    assert email == ["ERR_BLANK", "ERR_INVALID"]


async def test_without_invitation_nobody_comes_in(client: httpx.AsyncClient) -> None:
    answer = await (await application(client))("POST", "/api/v1/accounts", data=FORM)
    assert (answer.status_code, answer.json()) == (403, {"error": "This action is not allowed"})


async def test_a_token_works_once_the_address_is_confirmed(settings: Settings) -> None:
    """Text and codes of each step are Mastodon's: apps show them, and wait by them."""
    async with site(settings, registrations="open") as found:
        client = found.browser().client
        client.headers["Accept"] = "application/json"
        app = await application(client)
        token = (await app("POST", "/api/v1/accounts", data=FORM)).json()["access_token"]
        member, other = Api(client, token), await application(client)
        refused = await member("GET", "/api/v1/accounts/verify_credentials")
        assert (refused.status_code, refused.json()) == (
            403,
            {"error": "Your login is missing a confirmed e-mail address"},
        )
        assert await member.get("/api/v1/emails/check_confirmation") is False
        assert await member.post("/api/v1/emails/confirmations", email="m@b.example") == {}
        assert [to for to, _ in await found.mails()] == ["n@b.example", "m@b.example"]
        # Nobody finds them yet.
        anna = Api(client, await make_token(found.runtime, await make_member(found.runtime)))
        assert (await anna("GET", "/api/v1/accounts/lookup?acct=nora")).status_code == 404
        assert (await client.get("/@nora")).status_code == 404
        finger = "/.well-known/webfinger?resource=acct:nora@localhost:3000"
        assert (await client.get(finger)).status_code == 404
        # An app's own token is nobody's, and another app's is none of its business.
        strange = await other("POST", "/api/v1/emails/confirmations")
        assert (strange.status_code, strange.json()["error"]) == (
            403,
            "This method is only available to the application the user originally signed-up with",
        )
        assert await member.post("/api/v1/emails/confirmations") == {}
        path = await found.link()
        await found.browser().submit(path, "/auth/confirmation")
        found.app.state.tokens.forget()
        assert await member.get("/api/v1/emails/check_confirmation") is True
        assert (await member.get("/api/v1/accounts/verify_credentials"))["acct"] == "nora"
        assert (await anna("GET", "/api/v1/accounts/lookup?acct=nora")).status_code == 200
        done = await member("POST", "/api/v1/emails/confirmations")
        assert (done.status_code, done.json()["error"]) == (
            403,
            "This method is only available while the e-mail is awaiting confirmation",
        )


async def test_who_must_be_let_in_waits_with_the_token(settings: Settings) -> None:
    async with site(
        settings,
        sends_mail=False,
        registrations="approval",
        registrations_reason_required=True,
        registrations_min_age=16,
        registrations_message="*Ask us*",
    ) as found:
        client = found.browser().client
        client.headers["Accept"] = "application/json"
        shown = (await client.get("/api/v2/instance")).json()["registrations"]
        assert shown == {
            "enabled": True,
            "approval_required": True,
            "reason_required": True,
            "message": None,
            "min_age": 16,
            "url": None,
        }
        app = await application(client)
        wrong = await app("POST", "/api/v1/accounts", data={**FORM, "date_of_birth": "2020-01-01"})
        details = {name: one[0]["error"] for name, one in wrong.json()["details"].items()}
        assert details == {"reason": "ERR_BLANK", "date_of_birth": "ERR_BELOW_LIMIT"}
        form = {**FORM, "date_of_birth": "1990-02-28", "reason": "colleague"}
        token = (await app("POST", "/api/v1/accounts", data=form)).json()["access_token"]
        member = Api(client, token)
        refused = await member("GET", "/api/v1/accounts/verify_credentials")
        assert (refused.status_code, refused.json()) == (
            403,
            {"error": "Your login is currently pending approval"},
        )
        user = await users.find_by_login(found.runtime.db, "nora")
        assert user
        async with found.runtime.transaction() as tx:
            await sign_up.let_in(found.runtime, tx, user.account_id)
        found.app.state.tokens.forget()
        assert (await member.get("/api/v1/accounts/verify_credentials"))["acct"] == "nora"


async def test_the_closed_say_why_and_invite_nobody(settings: Settings) -> None:
    async with site(
        settings, sends_mail=False, registrations="closed", registrations_message="*Full*"
    ) as found:
        client = found.browser().client
        shown = (await client.get("/api/v2/instance")).json()["registrations"]
        assert (shown["enabled"], shown["message"]) == (False, "<p><em>Full</em></p>")
        assert (await client.get("/api/v1/instance")).json()["invites_enabled"] is False
        assert "<em>Full</em>" in (await found.browser().open("/auth/sign_up")).text
