"""Passkeys with a real browser and its virtual authenticator (CDP, WebAuthn domain)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.chromium import FLAGS, chromium
from tests.forms import PASSWORD
from tests.servers import Instance

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)  # as long as all else waits for a page


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    with Instance() as instance:
        instance.make_members("anna", "ben", password=PASSWORD)
        yield instance


@pytest.fixture
def page(instance: Instance) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(base_url=instance.url)
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
        }
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        yield page
        browser.close()


def sign_in(page: Page, name: str) -> None:
    page.goto("/auth/sign_in?next=/settings/security")
    page.get_by_label("Name or e-mail address").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def add_passkey(page: Page, password: str = PASSWORD) -> None:
    form = page.locator("form[data-passkey=new]")
    form.get_by_label("Name of the passkey").fill("My laptop")
    form.get_by_label("Current password").fill(password)
    form.get_by_role("button", name="Add a passkey").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").first.click()
    page.wait_for_url("**/")


def test_a_passkey_signs_in_beside_the_password_and_alone(page: Page, instance: Instance) -> None:
    said: list[Any] = []
    page.on("console", lambda message: said.append(message.text))
    sign_in(page, "anna")
    add_passkey(page, "wrong password")
    expect(page.get_by_text("The password is wrong.")).to_be_visible()
    add_passkey(page)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert len(re.findall(r"[a-z0-9]{5}-[a-z0-9]{5}", page.inner_text("main"))) == 10
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("summary", has_text="My laptop")).to_be_visible()
    # The same authenticator makes no second one.
    add_passkey(page)
    expect(page.get_by_text("That did not work.")).to_be_visible()
    sign_out(page)
    # Beside the password.
    sign_in(page, "anna")
    expect(page).to_have_url(re.compile("/auth/second_factor"))
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/settings/security")
    sign_out(page)
    # Alone.
    page.goto("/auth/sign_in?next=/settings/security")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/settings/security")
    expect(page.get_by_text("@anna")).to_be_visible()
    # What another answers in its place is refused, and no policy of the page was broken.
    policy = page.request.get("/auth/sign_in").headers["content-security-policy"]
    assert "script-src 'self'; connect-src 'self'" in policy
    assert not [text for text in said if "Content Security Policy" in text]
    assert page.request.post("/auth/passkey", data={"credential": {}}).status == 422
    summary = page.locator("summary", has_text="My laptop")
    summary.click()
    form = page.locator("details", has=summary)
    form.get_by_label("Current password").fill(PASSWORD)
    with page.expect_navigation():
        form.get_by_role("button", name="Remove My laptop").click()
    sign_out(page)
    sign_in(page, "anna")
    page.wait_for_url("**/settings/security")


def test_an_answer_is_good_once_and_for_its_member_alone(page: Page, instance: Instance) -> None:
    sign_in(page, "ben")
    add_passkey(page)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page)
    page.goto("/auth/sign_in?next=https://evil.example/")
    with page.expect_request("**/auth/passkey") as sent:
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url(f"{instance.url}/")
    expect(page.get_by_text("@ben")).to_be_visible()
    # Neither again, nor to a challenge that was given to somebody else.
    answer: dict[str, Any] = sent.value.post_data_json or {}
    stranger = page.context.browser.new_context(base_url=instance.url)  # type: ignore[union-attr]
    assert stranger.request.post("/auth/passkey", data=answer).status == 422
    assert stranger.request.post("/auth/passkey/options", data={}).status == 200
    told = stranger.request.post("/auth/passkey", data=answer)
    assert (told.status, told.json()) == (422, {"error": "This passkey does not fit."})
    broken = {**answer, "credential": {**answer["credential"], "rawId": "AAAA"}}
    stranger.request.post("/auth/passkey/options", data={})
    assert stranger.request.post("/auth/passkey", data=broken).status == 422
    stranger.request.post("/auth/passkey/options", data={})
    for odd in ({"rawId": 7}, {"response": "x"}, {"response": {"clientDataJSON": "eyJ9"}}):
        sent_odd = {"credential": {**answer["credential"], **odd}}
        assert stranger.request.post("/auth/passkey", data=sent_odd).status == 422
