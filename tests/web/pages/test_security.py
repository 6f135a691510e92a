"""Second factors, sessions, apps and passwords, by the pages."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from server.identity import second_factors
from server.moderation import user_access
from server.settings import Settings
from server.store import accounts, users
from server.store.accounts import Account
from server.store.roles import EVERYONE
from tests.authenticator import totp
from tests.forms import PASSWORD, Browser, Site, site
from tests.makers import Api, make_member, make_token
from tests.waiting import until

SECURITY = "/settings/security"
OTHER_PASSWORD = "another horse battery"


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[Site]:
    async with site(settings) as found:
        await make_member(found.runtime, "anna", password=PASSWORD)
        await make_member(found.runtime, "eve", password=PASSWORD)
        yield found


async def set_up_app(browser: Browser) -> tuple[str, list[str], str]:
    """Secret, recovery codes, and the code that proved the app: it is used up by that."""
    page = await browser.open(f"{SECURITY}/app")
    secret = re.search(r'id="secret" value="([A-Z2-7]{32})"', page.text)
    assert secret
    assert "<svg" in page.text
    code = totp(secret[1])
    done = await browser.submit(
        f"{SECURITY}/app", f"{SECURITY}/app", code=code, current_password=PASSWORD
    )
    return secret[1], re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>", done.text), code


async def give_code(browser: Browser, code: str) -> httpx.Response:
    await browser.sign_in()
    page = "/auth/second_factor?next=/settings/account"
    return await browser.submit(page, "/auth/second_factor", code=code)


async def test_a_code_of_the_app_is_asked_for_and_good_once(house: Site) -> None:
    browser = house.browser()
    await browser.sign_in()
    secret, codes, used = await set_up_app(browser)
    assert len(set(codes)) == 10
    # Whoever loads the page of the codes anew, or comes back to it, is where new ones are made.
    assert (await browser.open(f"{SECURITY}/app")).url.path == SECURITY
    assert ["now asks for a code" in text for _, text in await house.mails()] == [True]
    other = house.browser("192.0.2.2")
    assert (await other.sign_in()).url.path == "/auth/second_factor"
    # The password alone opens nothing.
    assert (await other.open("/settings/account")).url.path == "/auth/sign_in"
    assert (await give_code(other, used)).status_code == 422
    assert (await give_code(other, "000000")).status_code == 422
    code = totp(secret, 1)
    assert (await give_code(other, code)).url.path == "/settings/account"
    assert (await give_code(house.browser(), code)).status_code == 422


async def test_a_recovery_code_is_good_once_and_no_dump_holds_it(house: Site) -> None:
    browser = house.browser()
    await browser.sign_in()
    secret, codes, _ = await set_up_app(browser)
    await house.mails()
    typed = codes[0].upper().replace("-", " ")
    assert (await give_code(house.browser(), typed)).url.path == "/settings/account"
    assert ["recovery code was used" in text for _, text in await house.mails()] == [True]
    assert (await give_code(house.browser(), codes[0])).status_code == 422
    assert "Recovery codes left: 9." in (await browser.open(SECURITY)).text
    new = await browser.submit(SECURITY, f"{SECURITY}/codes", current_password=PASSWORD)
    fresh = re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>", new.text)
    assert (await give_code(house.browser(), codes[1])).status_code == 422
    assert (await give_code(house.browser(), fresh[0])).url.path == "/settings/account"
    tables = ("totp_secrets", "recovery_codes", "challenges", "sessions", "one_time_links", "jobs")
    dump = ""
    for table in tables:
        dump += str([tuple(row) for row in await house.runtime.db.fetch(f"SELECT * FROM {table}")])
    for hidden in (secret, *fresh, *browser.client.cookies.values()):
        assert hidden not in dump


async def test_guessing_codes_ends_whatever_the_password_does_between(house: Site) -> None:
    browser = house.browser()
    await browser.sign_in()
    secret, _, _ = await set_up_app(browser)
    thief = house.browser("192.0.2.66")
    found = [(await give_code(thief, f"{n:06}")).status_code for n in range(11)]
    assert found == [422] * 10 + [429]
    # Nobody gets more tries from elsewhere, nor when the queue forgets everything.
    assert (await give_code(house.browser("192.0.2.67"), totp(secret, 1))).status_code == 429


async def test_an_app_is_taken_away_with_the_password_alone(house: Site) -> None:
    browser = house.browser()
    await browser.sign_in()
    await set_up_app(browser)
    remove = f"{SECURITY}/app/remove"
    wrong = await browser.submit(SECURITY, remove, current_password="wrong")
    assert (wrong.status_code, "The password is wrong." in wrong.text) == (422, True)
    await browser.submit(SECURITY, remove, current_password=PASSWORD)
    assert (await house.browser().sign_in()).url.path == "/settings/account"
    assert await house.runtime.db.fetchval("SELECT count(*) FROM recovery_codes") == 0


async def test_a_role_can_demand_a_second_factor(house: Site) -> None:
    browser = house.browser()
    await browser.sign_in()
    api = Api(house.browser().client, await make_token(house.runtime, await _anna(house)))
    await api.get("/api/v1/accounts/verify_credentials")
    await second_factors.demand_of(house.runtime, EVERYONE, is_demanded=True)
    await _heard(house)
    answer = await api("GET", "/api/v1/accounts/verify_credentials")
    assert (answer.status_code, answer.json()) == (
        403,
        {"error": "Your login is currently disabled"},
    )
    page = await browser.open("/settings/account")
    assert page.url.path == SECURITY
    assert "Your role needs a second factor" in page.text
    await set_up_app(browser)
    assert (await browser.open("/settings/account")).url.path == "/settings/account"
    await _heard(house)
    await api.get("/api/v1/accounts/verify_credentials")
    # Who lost everything is helped by hand, and has to begin anew.
    user = await users.find_by_login(house.runtime.db, "anna")
    assert user
    await user_access.remove_second_factors(house.runtime, None, user.account_id)
    assert "removed all second factors" in str(await house.mails())
    assert (await house.browser("192.0.2.2").sign_in()).url.path == SECURITY
    await _heard(house)
    assert (await api("GET", "/api/v1/accounts/verify_credentials")).status_code == 403


async def _heard(house: Site) -> None:
    """The application has heard of a change by the bus, and forgot what it knew of tokens."""
    await until(
        lambda: not house.app.state.tokens._entries, "what was known of tokens is forgotten"
    )


async def _anna(house: Site) -> Account:
    user = await users.find_by_login(house.runtime.db, "anna")
    assert user
    return await accounts.get_account(house.runtime.db, user.account_id)


async def test_a_sign_in_from_a_new_address_is_told(house: Site) -> None:
    anna = await _anna(house)
    await users.update_preferences(house.runtime.db, anna.id, time_zone="Asia/Kolkata")
    await house.browser().sign_in()
    await house.browser().sign_in()
    assert await house.mails() == []
    await house.browser("192.0.2.77").sign_in()
    ((to, text),) = await house.mails()
    assert to == "anna@example.org"
    assert "192.0.2.77" in text
    assert "Test browser" in text
    assert re.search(r"\* \d{4}-\d\d-\d\d \d\d:\d\d IST\s", text)
    await house.browser("192.0.2.77").sign_in()
    assert await house.mails() == []


async def test_sessions_are_seen_and_ended_by_their_member_alone(house: Site) -> None:
    browser, other, eve = house.browser(), house.browser("192.0.2.2"), house.browser("192.0.2.3")
    for one, name in ((browser, "anna"), (other, "anna"), (eve, "eve")):
        await one.sign_in(name)
    page = await browser.open(SECURITY)
    assert "192.0.2.2" in page.text
    assert "192.0.2.3" not in page.text
    (end,) = re.findall(rf'action="({SECURITY}/sessions/\d+/end)"', page.text)
    proof = re.findall('name="csrf" value="([^"]+)"', (await eve.open(SECURITY)).text)[0]
    assert (await eve.post(end, csrf=proof)).status_code == 404
    assert (await browser.post(end, csrf=proof)).status_code == 403
    await browser.submit(SECURITY, end)
    assert (await other.open("/settings/account")).url.path == "/auth/sign_in"
    assert (await browser.open("/settings/account")).url.path == "/settings/account"


async def test_apps_are_seen_and_taken_back_by_their_member_alone(house: Site) -> None:
    browser, eve = house.browser(), house.browser("192.0.2.3")
    await browser.sign_in()
    await eve.sign_in("eve")
    anna = await _anna(house)
    api = Api(house.browser().client, await make_token(house.runtime, anna, "read"))
    await api.get("/api/v1/accounts/verify_credentials")
    page = await browser.open("/settings/apps")
    assert "Command line" in page.text
    assert "Command line" not in (await eve.open("/settings/apps")).text
    (revoke,) = re.findall(r'action="(/settings/apps/\d+/revoke)"', page.text)
    proof = re.findall('name="csrf" value="([^"]+)"', (await eve.open(SECURITY)).text)[0]
    assert (await eve.post(revoke, csrf=proof)).status_code == 404
    await browser.submit("/settings/apps", revoke)
    house.app.state.tokens.forget()
    assert (await api("GET", "/api/v1/accounts/verify_credentials")).status_code == 401


async def test_another_password_ends_other_sessions(house: Site) -> None:
    browser, other = house.browser(), house.browser("192.0.2.2")
    await browser.sign_in()
    await other.sign_in()
    await house.mails()
    change = "/settings/account/password"
    wrong = await browser.submit(
        "/settings/account", change, current_password="wrong", new_password=OTHER_PASSWORD
    )
    assert wrong.status_code == 422
    done = await browser.submit(
        "/settings/account", change, current_password=PASSWORD, new_password=OTHER_PASSWORD
    )
    assert "Your password is changed." in done.text
    assert (await other.open("/settings/account")).url.path == "/auth/sign_in"
    assert [to for to, _ in await house.mails()] == ["anna@example.org"]
    assert (await other.sign_in("anna", PASSWORD)).status_code == 422
    assert (await other.sign_in("anna", OTHER_PASSWORD)).status_code == 200


async def test_a_forgotten_password_and_the_same_answer_for_nobody(house: Site) -> None:
    browser, old = house.browser(), house.browser("192.0.2.2")
    await old.sign_in()
    api = Api(house.browser().client, await make_token(house.runtime, await _anna(house)))
    forgotten, edit = "/auth/password/new", "/auth/password/edit"
    unknown = await browser.submit(forgotten, forgotten, email="nobody@example.org")
    known = await browser.submit(forgotten, forgotten, email="Anna@Example.org")
    assert (unknown.status_code, unknown.text) == (known.status_code, known.text)
    path = await house.link()
    short = await browser.submit(path, edit, password="short")
    assert short.status_code == 422
    done = await browser.submit(path, edit, password=OTHER_PASSWORD)
    assert "Your password is changed." in done.text
    assert (await browser.open(path)).status_code == 410
    assert (await old.open("/settings/account")).url.path == "/auth/sign_in"
    house.app.state.tokens.forget()
    assert (await api("GET", "/api/v1/accounts/verify_credentials")).status_code == 401
    assert (await browser.sign_in("anna", OTHER_PASSWORD)).url.path == "/settings/account"


async def test_a_reset_is_no_way_round_the_second_factor(house: Site) -> None:
    browser = house.browser()
    await browser.sign_in()
    await set_up_app(browser)
    await house.mails()
    await browser.submit("/auth/password/new", "/auth/password/new", email="anna@example.org")
    await browser.submit(await house.link(), "/auth/password/edit", password=OTHER_PASSWORD)
    assert (await browser.sign_in("anna", OTHER_PASSWORD)).url.path == "/auth/second_factor"


async def test_resets_by_the_hundred_cve_2025_54879(house: Site) -> None:
    codes = []
    for n in range(8):
        browser = house.browser(f"192.0.2.{n + 10}")
        answer = await browser.post("/auth/password/new", email="anna@example.org")
        codes.append(answer.status_code)
    assert codes == [200] * 5 + [429] * 3
    one = house.browser("198.51.100.1")
    many = [
        (await one.post("/auth/password/new", email=f"a{n}@example.org")).status_code
        for n in range(26)
    ]
    assert many == [200] * 25 + [429]
    assert len(await house.mails()) == 5


async def test_a_new_address_is_confirmed_and_the_old_one_told(house: Site) -> None:
    browser = house.browser()
    await browser.sign_in()
    form = "/settings/account/email"
    taken = await browser.submit(
        "/settings/account", form, email="eve@example.org", current_password=PASSWORD
    )
    assert "E-mail address: somebody has this already." in taken.text
    await browser.submit(
        "/settings/account", form, email="a@new.example", current_password=PASSWORD
    )
    mails = dict(await house.mails())
    assert "is being changed to a@new.example" in mails["anna@example.org"]
    assert (await house.browser().sign_in("a@new.example")).status_code == 422
    token = mails["a@new.example"].partition("confirmation_token=")[2].split()[0]
    await browser.post("/auth/confirmation", confirmation_token=token)
    assert (await house.browser().sign_in("a@new.example")).url.path == "/settings/account"
