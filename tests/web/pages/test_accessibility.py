"""Every page is for everybody: WCAG 2.2 AA as far as a machine can tell, in both languages, light
and dark, on the narrowest screen and with letters of twice the size; and small, from here alone.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from server.identity.first_owner import first_owner_link
from server.settings import Settings
from tests.authenticator import totp
from tests.chromium import FLAGS, chromium
from tests.forms import PASSWORD, Site, site
from tests.makers import make_member, make_status
from tests.servers import free_port
from tests.web.pages.gallery import STEPS, Visit, furnish, is_page
from web.site import SITE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_MOST_BYTES = 24_000  # of a page; the one style sheet that it loads has a quarter of that
_AXE = Axe()


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[tuple[Site, Browser]]:
    """An instance that serves a real browser."""
    port = free_port()
    changes: dict[str, Any] = {
        "origin": f"http://localhost:{port}",
        "registrations": "approval",
        "rate_limit_factor": 0.0,
        "email_subscriptions": True,
    }
    async with site(replace(settings, port=port), **changes) as house, async_playwright() as driver:
        config = uvicorn.Config(house.app, port=port, log_level="error", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        browser = await driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield house, browser
        finally:
            await browser.close()
            server.should_exit = True
            await serving


class Visitor:
    """Somebody who looks at pages in a language, and keeps what is wrong with them in `found`."""

    def __init__(self, page: Page, origin: str, language: str, found: list[str]) -> None:
        self.page = page
        self._origin = origin
        self._language = language
        self._found = found
        page.on("console", self._heard)
        page.on("requestfinished", lambda request: self._came(request.url))

    async def go(self, visit: Visit) -> None:
        """Open it and look."""
        answer = await self.page.goto(visit.path)
        assert answer
        if answer.status != visit.status:
            self._tell(f"answers {answer.status}")
        if (size := len(await answer.body())) > _MOST_BYTES:
            self._tell(f"has {size} bytes")
        await self.look()

    async def look(self) -> None:
        """At the page that is there."""
        if await self.page.get_attribute("html", "lang") != self._language:
            self._tell("is in another language")
        if await self.page.locator("h1").count() != 1:
            self._tell("has not one heading of the first level")
        await self._ask_axe({"runOnly": _RULES})
        await self.page.emulate_media(color_scheme="dark")
        await self._ask_axe({"runOnly": {"type": "rule", "values": ["color-contrast"]}})
        await self.page.emulate_media(color_scheme="light")
        await self._look_for_width()

    async def _ask_axe(self, options: dict[str, Any]) -> None:
        result = await _AXE.run(self.page, options={"resultTypes": ["violations"], **options})
        for violation in result.response["violations"]:
            self._tell(f"{violation['id']}: {violation['nodes'][0]['html'][:200]}")

    async def _look_for_width(self) -> None:
        """Nothing is cut off at 320 px, nor at 640 px with letters of twice the size."""
        for width, size in ((320, "100%"), (640, "200%")):
            await self.page.set_viewport_size({"width": width, "height": 800})
            beyond = await self.page.evaluate(
                "size => { document.documentElement.style.fontSize = size;"
                " return document.documentElement.scrollWidth - innerWidth }",
                size,
            )
            if beyond > 0:
                self._tell(f"is {beyond} px too wide at {width} px and {size}")

    def _heard(self, message: ConsoleMessage) -> None:
        is_refusal = "the server responded with a status of" in message.text
        if message.type in {"error", "warning"} and not is_refusal:
            self._tell(f"says {message.text}")

    def _came(self, url: str) -> None:
        if not url.startswith(f"{self._origin}/"):
            self._tell(f"loads {url}")

    def _tell(self, what: str) -> None:
        self._found.append(f"{self._language} {self.page.url}: {what}")


async def visitor(browser: Browser, house: Site, language: str, found: list[str]) -> Visitor:
    """Somebody with a new browser."""
    origin = house.runtime.settings.origin
    context: BrowserContext = await browser.new_context(base_url=origin, locale=language)
    return Visitor(await context.new_page(), origin, language, found)


async def link_in_mail(house: Site, receiver: str) -> str:
    """Path of the link that somebody got."""
    text = dict(await house.mails())[receiver]
    return str(re.findall(rf"{house.runtime.settings.origin}(/auth\S+)", text)[0])


async def send(page: Page, action: str) -> None:
    """Press the button of a form and wait for the page that comes."""
    async with page.expect_navigation():
        await page.click(f"form[action='{action}'] button")


async def focus(page: Page, id_: str) -> None:
    """Wait until the focus is there: a browser moves it when it next draws."""
    await page.wait_for_function("id => document.activeElement.id === id", arg=id_)


async def sign_in(page: Page, name: str) -> None:
    await page.goto("/auth/sign_in?next=/auth/setup")
    await page.fill("#login", name)
    await page.fill("#password", PASSWORD)
    await send(page, "/auth/sign_in")


# Apart, since there are many: a test has five minutes on whatever machine.
@pytest.mark.parametrize("is_desk", [False, True], ids=["pages", "desk"])
@pytest.mark.parametrize("language", ["en", "nl"])
async def test_every_page_is_for_everybody(
    settings: Settings, language: str, is_desk: bool
) -> None:
    found: list[str] = []
    async with open_house(settings) as (house, browser):
        link = await first_owner_link(house.runtime)
        assert link
        one = await visitor(browser, house, language, found)
        await one.go(Visit("/auth/first_owner", link))
        visits = await furnish(house.runtime)
        visited = STEPS | {visit.row for visit in visits}
        assert {r.path for r in SITE if r.method == "GET" and is_page(r.path)} - visited == set()
        wanted = [visit for visit in visits if visit.path.startswith("/desk") == is_desk]
        for who in dict.fromkeys(visit.who for visit in wanted):
            one = await visitor(browser, house, language, found)
            if who:
                await sign_in(one.page, who)
            for visit in wanted:
                if visit.who == who:
                    await one.go(visit)
    assert found == []


async def test_what_forms_answer_is_for_everybody(settings: Settings) -> None:
    """Also pages to which no address leads: refusals, codes shown once, the second step."""
    found: list[str] = []
    async with open_house(settings) as (house, browser):
        await furnish(house.runtime)
        await house.mails()
        one = await visitor(browser, house, "nl", found)
        page = one.page
        await sign_in(page, "nobody")
        await one.look()
        await page.goto("/auth/sign_up")
        for field, text in (
            ("username", "anna"),
            ("email", "w@example.org"),
            ("password", PASSWORD),
        ):
            await page.fill(f"#{field}", text)
        await page.check("[name=agreement]")
        await send(page, "/auth/sign_up")
        await one.look()
        await page.fill("#username", "wim")
        await page.fill("#password", PASSWORD)
        await send(page, "/auth/sign_up")
        await one.look()
        await one.go(Visit("", await link_in_mail(house, "w@example.org")))
        await send(page, "/auth/confirmation")
        await one.look()
        await page.goto("/auth/password/new")
        await page.fill("#email", "anna@example.org")
        await send(page, "/auth/password/new")
        await one.look()
        await one.go(Visit("", await link_in_mail(house, "anna@example.org")))
        # A member, with a second factor.
        await page.context.clear_cookies()
        await sign_in(page, "anna")
        await page.goto("/settings/security/app")
        secret = await page.input_value("#secret")
        for is_right in (False, True):
            await page.fill("#code", totp(secret) if is_right else "000000")
            await page.fill("#password", PASSWORD)
            await send(page, "/settings/security/app")
            await one.look()
        await one.go(Visit("", "/settings/security"))
        await page.goto("/settings/apps")
        await page.fill("#name", "Rain")
        for password in ("wrong", PASSWORD):
            await page.fill("#password", password)
            await send(page, "/settings/apps")
            await one.look()
        await page.context.clear_cookies()
        await sign_in(page, "anna")
        await one.look()
        await page.fill("#code", "000000")
        await send(page, "/auth/second_factor")
        await one.look()
    assert found == []


async def test_the_keyboard_is_enough_and_shows_where_it_is(settings: Settings) -> None:
    async with open_house(settings) as (house, browser):
        await furnish(house.runtime)
        one = await visitor(browser, house, "en", [])
        page = one.page
        await page.goto("/about")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        assert await page.evaluate("document.activeElement.getBoundingClientRect().x") >= 0
        await page.keyboard.press("Enter")
        await focus(page, "main")
        await page.goto("/auth/sign_in?next=/settings/profile")
        await focus(page, "login")
        await page.keyboard.type("anna")
        await page.keyboard.press("Tab")
        await page.keyboard.type(PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{house.runtime.settings.origin}/settings/profile")
        reached = set()
        for _ in range(70):
            await page.keyboard.press("Tab")
            reached.add(await page.evaluate("document.activeElement.name || ''"))
            outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            is_page = await page.evaluate("document.activeElement === document.body")
            assert is_page or outline != "none"
        assert {"display_name", "note", "avatar", "choices[]", "attribution_domains"} <= reached


async def test_without_scripts_no_form_is_shown_that_needs_one(settings: Settings) -> None:
    """Sent without its script it would put the password into an address."""
    async with open_house(settings) as (house, browser):
        await furnish(house.runtime)
        context = await browser.new_context(
            base_url=house.runtime.settings.origin, java_script_enabled=False
        )
        page = await context.new_page()
        await sign_in(page, "anna")
        for path in ("/settings/security", "/auth/sign_in"):
            await page.goto(path)
            assert await page.locator("form[data-passkey]").count() == 1
            assert not await page.locator("form[data-passkey]").is_visible(), path


async def test_the_way_to_the_content_passes_over_menus(settings: Settings) -> None:
    async with open_house(settings) as (house, browser):
        await furnish(house.runtime)
        for who, path in (("anna", "/settings/preferences"), ("olga", "/desk/accounts")):
            one = await visitor(browser, house, "en", [])
            await sign_in(one.page, who)
            await one.page.goto(path)
            assert await one.page.locator("nav.menu").count() == 1
            assert await one.page.locator("main nav.menu").count() == 0, path


async def test_sound_has_its_controls(settings: Settings) -> None:
    """Style can take all height from a player."""
    async with open_house(settings) as (house, browser):
        post = await make_status(house.runtime, await make_member(house.runtime), "listen")
        await house.runtime.db.execute(
            """
            INSERT INTO media_attachments (account_id, status_id, type, content_type, file)
            SELECT account_id, id, 'audio', 'audio/mpeg', 'a.mp3' FROM statuses WHERE id = $1
            """,
            post,
        )
        one = await visitor(browser, house, "en", [])
        await one.page.goto(f"/@anna/{post}")
        box = await one.page.locator("audio").bounding_box()
        assert box
        assert box["height"] >= 40
