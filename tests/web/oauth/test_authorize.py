"""The page that asks, beside the whole flow of test_code_flow."""

import re
from typing import Any

import httpx
import pytest

from server.identity.scopes import SCOPES
from server.runtime import Runtime
from tests.forms import PASSWORD, hidden, sign_in
from tests.makers import Api, make_member
from tests.web.oauth.test_code_flow import CALLBACK, get_code, request_of

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"


@pytest.fixture
async def app(stranger: Api, runtime: Runtime) -> dict[str, Any]:
    await make_member(runtime, "anna", password=PASSWORD)
    return await stranger.post(  # type: ignore[no-any-return]
        "/api/v1/apps",
        client_name="<b>Pilot",
        scopes="read",
        redirect_uris=[OUT_OF_BAND, "https://client.example/callback"],
    )


def query(app: dict[str, Any], **more: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": OUT_OF_BAND,
        "scope": "read",
        **more,
    }


async def test_who_is_not_signed_in_comes_back_after_it(
    client: httpx.AsyncClient, app: dict[str, Any]
) -> None:
    answer = await client.get("/oauth/authorize", params=query(app, state="a&b"))
    assert answer.status_code == 302
    page = await client.get(answer.headers["location"])
    form = {"login": "anna", "password": PASSWORD, "next": hidden(page.text)["next"]}
    back = await client.post("/auth/sign_in", data=form)
    asked = await client.get(back.headers["location"])
    assert asked.status_code == 200
    assert hidden(asked.text)["state"] == "a&b"
    assert "&lt;b&gt;Pilot" in asked.text
    assert "frame-ancestors 'none'" in asked.headers["content-security-policy"]


async def test_a_code_out_of_band_is_shown(client: httpx.AsyncClient, app: dict[str, Any]) -> None:
    await sign_in(client)
    page = await client.get("/oauth/authorize", params=query(app))
    shown = await client.post("/oauth/authorize", data=hidden(page.text) | {"allow": "yes"})
    path = shown.headers["location"]
    assert path.startswith("/oauth/authorize/native?code=")
    page_of_code = await client.get(path)
    assert f'value="{path.partition("=")[2]}" readonly' in page_of_code.text
    client.cookies.clear()
    assert (await client.get(path)).headers["location"].startswith("/auth/sign_in?")
    await sign_in(client)
    page = await client.get("/oauth/authorize", params=query(app))
    denied = await client.post("/oauth/authorize", data=hidden(page.text) | {"allow": "no"})
    assert denied.status_code == 403


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("http://127.0.0.1:8123/callback", 200),
        ("http://127.0.0.1/callback", 200),
        ("http://[::1]:8123/callback", 200),
        ("http://127.0.0.1:8123/other", 400),
        ("http://127.0.0.2:8123/callback", 400),
        ("https://127.0.0.1:8123/callback", 400),
        ("http://x@127.0.0.1:8123/callback", 400),
        ("http://127.0.0.1:x/callback", 400),
        ("http://127.0.0.1.evil.example:8123/callback", 400),
        ("https://client.example:8123/callback", 400),
    ],
)
async def test_a_program_on_the_own_machine_may_listen_on_any_port(
    client: httpx.AsyncClient, stranger: Api, runtime: Runtime, address: str, status: int
) -> None:
    await make_member(runtime, "anna", password=PASSWORD)
    own = ["http://127.0.0.1:7000/callback", "http://[::1]/callback", "https://client.example/cb"]
    app = await stranger.post("/api/v1/apps", client_name="Pilot", redirect_uris=own)
    await sign_in(client)
    page = await client.get("/oauth/authorize", params=query(app, redirect_uri=address))
    assert page.status_code == status
    if status == 200:
        allowed = await client.post("/oauth/authorize", data=hidden(page.text) | {"allow": "yes"})
        back, _, code = allowed.headers["location"].partition("?code=")
        assert back == address
        secrets = {name: app[name] for name in ("client_id", "client_secret")}
        grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": address}
        assert (await client.post("/oauth/token", data=secrets | grant)).status_code == 200


async def test_force_login_asks_once_more(client: httpx.AsyncClient, app: dict[str, Any]) -> None:
    await sign_in(client)
    answer = await client.get("/oauth/authorize", params=query(app, force_login="true"))
    assert answer.status_code == 302
    assert "force_login" not in answer.headers["location"]
    for prompt in ("login", "select_account"):
        asked = query(app, prompt=prompt, lang="nl")
        answer = await client.get("/oauth/authorize", params=asked)
        where = answer.headers["location"]
        assert "prompt" not in where
        # The language counts for the page that comes first, and stays.
        assert where.endswith("&lang=nl")
        assert '<html lang="nl">' in (await client.get(where)).text
        assert '<html lang="nl">' in (await client.get("/auth/sign_up")).text
    page = (await client.get("/oauth/authorize", params=query(app))).text
    assert "force_login=true" in page  # whoever is another than who is signed in here


async def test_the_page_says_where_one_goes_on(client: httpx.AsyncClient, runtime: Runtime) -> None:
    await make_member(runtime, "anna", password=PASSWORD)
    addresses = {"pilot://callback": "pilot", "https://client.example/x": "client.example"}
    form = {"client_name": "Pilot", "redirect_uris": "\n".join(addresses), "scopes": "read"}
    app = (await client.post("/api/v1/apps", data=form)).json()
    await sign_in(client)
    for address, name in addresses.items():
        asked = query(app, redirect_uri=address)
        page = (await client.get("/oauth/authorize", params=asked)).text
        assert f"Afterwards you go on to {name}." in page


async def test_a_code_lives_ten_minutes(
    client: httpx.AsyncClient, app: dict[str, Any], runtime: Runtime
) -> None:
    callback = "https://client.example/callback"
    code = await get_code(client, app, redirect_uri=callback)
    await runtime.db.execute("UPDATE grants SET expires_at = now() - interval '1 second'")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback,
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
    }
    answer = await client.post("/oauth/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("csrf", ["", "é", "0" * 64, "x" * 5000])
async def test_a_forged_proof_is_refused_whatever_it_is(
    client: httpx.AsyncClient, app: dict[str, Any], csrf: str
) -> None:
    await sign_in(client)
    for path, form in (("/oauth/authorize", query(app, allow="yes")), ("/auth/sign_out", {})):
        assert (await client.post(path, data={**form, "csrf": csrf})).status_code == 403


@pytest.mark.parametrize("language", ["en", "nl"])
async def test_every_scope_is_told_in_words(
    client: httpx.AsyncClient, runtime: Runtime, language: str
) -> None:
    await make_member(runtime, "anna", password=PASSWORD)
    scopes = " ".join(SCOPES)
    form = {"client_name": "Pilot", "redirect_uris": CALLBACK, "scopes": scopes}
    app = (await client.post("/api/v1/apps", data=form)).json()
    await sign_in(client)
    page = await client.get(
        "/oauth/authorize",
        params=request_of(app, scope=scopes),
        headers={"Accept-Language": language},
    )
    told = re.findall(r"<li>\s*([^<]+?)\s*<small><code>([^<]+)</code>", page.text)
    assert [scope for _, scope in told] == list(SCOPES)
    assert len({text for text, _ in told}) == len(SCOPES)
