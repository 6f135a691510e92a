"""The second factor on the way to an app, and whose session comes of it."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from server.settings import Settings
from tests.authenticator import totp
from tests.forms import PASSWORD, Browser, site
from tests.makers import make_member
from tests.web.pages.test_security import set_up_app


async def test_an_app_gets_its_code_after_the_second_factor(settings: Settings) -> None:
    async with site(settings, sends_mail=False) as found:
        await make_member(found.runtime, "anna", password=PASSWORD)
        owner, browser = found.browser(), found.browser("192.0.2.2")
        await owner.sign_in()
        secret, _, _ = await set_up_app(owner)
        made = await browser.client.post(
            "/api/v1/apps", json={"client_name": "Pilot", "redirect_uris": "pilot://done"}
        )
        query = urlencode(
            {
                "response_type": "code",
                "client_id": made.json()["client_id"],
                "state": "a&b",
                "redirect_uri": "pilot://done",
                "scope": "read",
            }
        )
        asked = f"/oauth/authorize?{query}"
        step = await browser.submit(asked, "/auth/sign_in", login="anna", password=PASSWORD)
        assert step.url.path == "/auth/second_factor"
        # The password alone allows no app.
        assert (await browser.open(asked)).url.path == "/auth/sign_in"
        page = await browser.submit(str(step.url), "/auth/second_factor", code=totp(secret, 1))
        assert page.url.path == "/oauth/authorize"
        proof = page.text.partition('name="csrf" value="')[2].partition('"')[0]
        form = {name: one[0] for name, one in parse_qs(query).items()}
        answer = await browser.client.post(
            "/oauth/authorize", data={**form, "csrf": proof, "allow": "yes"}
        )
        given = parse_qs(urlsplit(answer.headers["location"]).query)
        assert given["state"] == ["a&b"]
        assert given["code"]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
async def test_it_leads_to_our_own_paths_alone(settings: Settings, target: str) -> None:
    async with site(settings, sends_mail=False) as found:
        await make_member(found.runtime, "anna", password=PASSWORD)
        owner, browser = found.browser(), found.browser("192.0.2.2")
        await owner.sign_in()
        secret, _, _ = await set_up_app(owner)
        await browser.sign_in()
        form = {"code": totp(secret, 1), "next": target}
        answer = await browser.client.post("/auth/second_factor", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_nobody_plants_a_session_or_a_step(settings: Settings) -> None:
    async with site(settings, sends_mail=False) as found:
        for name in ("anna", "eve"):
            await make_member(found.runtime, name, password=PASSWORD)
        eve, anna = found.browser("192.0.2.66"), found.browser()
        await eve.sign_in("eve")
        planted = dict(eve.client.cookies)
        for cookie in eve.client.cookies.jar:
            anna.client.cookies.jar.set_cookie(cookie)
        await anna.sign_in()
        assert set(dict(anna.client.cookies).values()).isdisjoint(planted.values())
        assert "@anna" in (await anna.open("/settings/account")).text
        # The cookie that was planted opened hers alone, and nothing now.
        assert (await eve.open("/settings/account")).url.path == "/auth/sign_in"
        # A step that nobody began is none.
        assert await _step_opens_nothing(found.browser("192.0.2.7"))


async def _step_opens_nothing(browser: Browser) -> bool:
    page = await browser.open("/auth/sign_in")
    assert page.status_code == 200
    browser.client.cookies.set("wandelgang_00000000_step", "x" * 43)
    answer = await browser.post("/auth/second_factor", code="000000")
    return answer.url.path == "/auth/sign_in"
