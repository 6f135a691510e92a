"""Joining, by the pages."""

import re
from collections.abc import AsyncIterator
from datetime import date
from html import unescape

import pytest

from server.identity import members, sign_up
from server.identity.permissions import Permission
from server.settings import Settings
from server.store import instance_texts, users
from tests.forms import PASSWORD, Browser, Site, site
from tests.makers import Api, make_member, make_token, run_jobs

ENTRY = {"username": "nora", "email": "nora@far.example", "password": PASSWORD, "agreement": "true"}


@pytest.fixture
async def open_site(settings: Settings) -> AsyncIterator[Site]:
    async with site(settings, registrations="open") as found:
        yield found


async def join(browser: Browser, path: str = "/auth/sign_up", **more: str) -> str:
    return (await browser.submit(path, "/auth/sign_up", **{**ENTRY, **more})).text


async def test_who_joins_confirms_the_address_first(open_site: Site) -> None:
    browser, db = open_site.browser(), open_site.runtime.db
    assert "nora@far.example" in await join(browser)
    assert "/auth/setup" in str((await browser.open("/settings/account")).url)
    assert "/auth/setup" in str((await browser.open("/auth/sign_in")).url)
    path = await open_site.link()
    page = await open_site.browser("192.0.2.9").open(path)
    # A scanner of mails looks, and nothing happens.
    assert await db.fetchval("SELECT confirmed_at FROM users") is None
    token = path.partition("=")[2]
    done = await browser.post("/auth/confirmation", confirmation_token=token)
    assert "nora@far.example" in done.text
    assert (await browser.open("/settings/account")).url.path == "/settings/account"
    assert (await browser.post("/auth/confirmation", confirmation_token=token)).status_code == 410
    assert page.status_code == 200


async def test_who_joins_agrees_to_the_terms_where_there_are_any(open_site: Site) -> None:
    browser = open_site.browser()
    assert "the terms" not in (await browser.open("/auth/sign_up", lang="en")).text
    await instance_texts.put_terms(open_site.runtime.db, date(2200, 1, 31), "en", "# Terms")
    page = (await browser.open("/auth/sign_up")).text
    assert "I have read the rules, the terms and what is done with my data, and agree." in page
    assert 'href="/terms-of-service"' in page


async def test_a_wrong_address_is_corrected_and_the_old_link_is_void(open_site: Site) -> None:
    browser = open_site.browser()
    await join(browser)
    old = await open_site.link()
    await browser.submit("/auth/setup", "/auth/setup", email="other@far.example")
    ((to, text),) = await open_site.mails()
    assert to == "other@far.example"
    assert (
        await browser.post("/auth/confirmation", confirmation_token=old.partition("=")[2])
    ).status_code == 410
    token = text.partition("confirmation_token=")[2].split()[0]
    await browser.post("/auth/confirmation", confirmation_token=token)
    user = await users.find_by_login(open_site.runtime.db, "nora")
    assert user
    assert (user.email, user.state) == ("other@far.example", None)


async def test_what_is_wrong_is_told_and_kept_but_the_password(open_site: Site) -> None:
    await make_member(open_site.runtime, "nora")
    browser = open_site.browser()
    text = await join(browser, email="nonsense", password="short")
    assert "E-mail address: this cannot be." in text
    assert "Password: is too short." in text
    assert 'value="nonsense"' in text
    assert "Name: somebody has this already." in await join(browser)
    assert await open_site.mails() == []


async def test_who_asks_waits_until_somebody_looks(settings: Settings) -> None:
    async with site(
        settings, registrations="approval", registrations_reason_required=True
    ) as found:
        owner = await make_member(found.runtime, "olga", role="owner")
        browser = found.browser()
        assert "Why do you want to join?: is missing." in await join(browser)
        await join(browser, reason="I walk there every day")
        await browser.post(
            "/auth/confirmation", confirmation_token=(await found.link()).partition("=")[2]
        )
        ((to, text),) = await found.mails()
        assert to == "olga@example.org"
        assert "nora asks to join" in text
        assert "I walk there every day" in text
        assert f"{settings.origin}/desk/accounts" in text
        assert "Somebody looks at your request" in (await browser.open("/settings")).text
        user = await users.find_by_login(found.runtime.db, "nora")
        assert user
        for expected in (True, False):
            async with found.runtime.transaction() as tx:
                assert await sign_up.let_in(found.runtime, tx, user.account_id) is expected
        assert [to for to, _ in await found.mails()] == ["nora@far.example"]
        assert (await browser.open("/settings/account")).url.path == "/settings/account"
        api = Api(found.browser().client, await make_token(found.runtime, owner))
        told = await api.get("/api/v1/notifications")
        assert [(one["type"], one["account"]["acct"]) for one in told] == [
            ("admin.sign_up", "nora")
        ]


async def test_an_invitation_opens_a_closed_door_so_often(settings: Settings) -> None:
    async with site(settings, sends_mail=False, registrations="invitation") as found:
        anna = await make_member(found.runtime, "anna", password=PASSWORD)
        browser = found.browser()
        await browser.sign_in()
        page = await browser.submit(
            "/settings/invites",
            "/settings/invites",
            max_uses="1",
            seconds="1800",
            autofollow="true",
            comment="team",
        )
        path = "/invite/" + page.text.partition("/invite/")[2].partition('"')[0]
        assert len(path) > 40
        newcomer = found.browser("192.0.2.2")
        assert "by invitation" in (await newcomer.open("/auth/sign_up")).text
        assert (await newcomer.post("/auth/sign_up", **ENTRY)).status_code == 403
        assert "@anna invites you" in (await newcomer.open(path)).text
        assert "All is ready" in await join(newcomer, path)
        assert (await newcomer.open(path)).status_code == 404
        late = {**ENTRY, "username": "late", "email": "late@far.example"}
        code = path.rpartition("/")[2]
        assert (await newcomer.post("/auth/sign_up", **late, invite_code=code)).status_code == 403
        await run_jobs(found.runtime)
        rows = await found.runtime.db.fetch("SELECT target_id FROM follows")
        assert [row["target_id"] for row in rows] == [anna.id]
        # Others neither see nor end it, and its maker's dump does not hold it.
        await newcomer.open("/settings/invites")
        dump = str(await found.runtime.db.fetch("SELECT * FROM invites"))
        assert code not in dump


@pytest.mark.parametrize("may_bypass", [True, False])
async def test_an_invitation_spares_the_look_if_the_role_of_its_maker_lets_it(
    settings: Settings, may_bypass: bool
) -> None:
    """Mastodon's permission invite_bypass_approval."""
    async with site(settings, sends_mail=False, registrations="approval") as found:
        permissions = Permission.INVITE_USERS
        if may_bypass:
            permissions |= Permission.INVITE_BYPASS_APPROVAL
        await found.runtime.db.execute("UPDATE roles SET permissions = $1", permissions.value)
        await make_member(found.runtime, "anna", password=PASSWORD)
        browser = found.browser()
        await browser.sign_in()
        page = await browser.submit("/settings/invites", "/settings/invites", max_uses="0")
        path = "/invite/" + page.text.partition("/invite/")[2].partition('"')[0]
        answer = await join(found.browser("192.0.2.2"), path)
        assert ("All is ready" in answer) is may_bypass
        user = await users.find_by_login(found.runtime.db, "nora")
        assert user
        assert user.state == (None if may_bypass else "unapproved")


async def test_who_may_not_invite_cannot_and_their_links_end(settings: Settings) -> None:
    async with site(settings, sends_mail=False, registrations="invitation") as found:
        await make_member(found.runtime, "anna", password=PASSWORD)
        browser = found.browser()
        await browser.sign_in()
        page = await browser.submit("/settings/invites", "/settings/invites", max_uses="0")
        path = "/invite/" + page.text.partition("/invite/")[2].partition('"')[0]
        assert (await browser.open(path)).status_code == 200
        proof = page.text.partition('name="csrf" value="')[2].partition('"')[0]
        await found.runtime.db.execute("UPDATE roles SET permissions = 0 WHERE id = -99")
        assert (await browser.open(path)).status_code == 404
        refused = await browser.post("/settings/invites", csrf=proof)
        assert refused.status_code == 422
        assert "You may not invite" in refused.text


async def test_guessing_invitations_is_stopped_but_not_for_good_ones(settings: Settings) -> None:
    async with site(settings, sends_mail=False, registrations="invitation") as found:
        browser = found.browser()
        codes = [(await browser.open(f"/invite/guess{n}")).status_code for n in range(27)]
        assert codes[:25] == [404] * 25
        assert codes[25:] == [429, 429]
        assert (await found.browser("192.0.2.7").open("/invite/guess")).status_code == 404


async def test_who_is_too_young_stays_outside(settings: Settings) -> None:
    async with site(
        settings, sends_mail=False, registrations="open", registrations_min_age=16
    ) as found:
        browser = found.browser()
        assert "Date of birth: is missing." in await join(browser)
        assert "you are too young." in await join(browser, date_of_birth="2024-02-29")
        assert "All is ready" in await join(browser, date_of_birth="1984-02-29")
        row = await found.runtime.db.fetchrow("SELECT * FROM users")
        assert row["age_verified_at"]
        assert "1984" not in str(row)


async def test_confirmations_by_the_hundred_cve_2025_54879(open_site: Site) -> None:
    """Limits count by the address written to, from wherever it is asked, and by who asks."""
    browser = open_site.browser()
    await join(browser)
    codes = []
    for n in range(12):
        page = await browser.submit("/auth/setup", "/auth/setup", email="nora@far.example")
        codes.append(page.status_code)
        browser.client._transport.client = (f"192.0.2.{n + 10}", 1)  # type: ignore[attr-defined]
    assert codes.count(200) == 4
    assert len(await open_site.mails()) == 5
    # Others' addresses: five networks cannot write to one, one network cannot write to hundreds.
    sender = open_site.browser("198.51.100.1")
    await members.create_member(open_site.runtime, "eve", "eve@far.example", PASSWORD)
    await sender.sign_in("eve")
    many = [
        (
            await sender.submit(
                "/settings/account",
                "/settings/account/email",
                email=f"victim{n}@far.example",
                current_password=PASSWORD,
            )
        ).status_code
        for n in range(27)
    ]
    assert many.count(200) == 25
    assert len([to for to, _ in await open_site.mails() if to.startswith("victim")]) == 25


async def test_another_site_cannot_send_the_forms_of_strangers(open_site: Site) -> None:
    browser = open_site.browser()
    for path in ("/auth/sign_up", "/auth/sign_in", "/auth/password/new", "/auth/confirmation"):
        for origin in ("https://evil.example", "null"):
            answer = await browser.client.post(path, data=ENTRY, headers={"Origin": origin})
            assert answer.status_code == 403, path
    assert await open_site.runtime.db.fetchval("SELECT count(*) FROM users") == 0


@pytest.mark.parametrize("sends_mail", [True, False])
async def test_who_joins_from_within_an_app_goes_on_to_it(
    settings: Settings, sends_mail: bool
) -> None:
    async with site(settings, registrations="open", sends_mail=sends_mail) as found:
        browser = found.browser()
        app = (
            await browser.client.post(
                "/api/v1/apps", data={"client_name": "Pilot", "redirect_uris": "pilot://done"}
            )
        ).json()
        asked = await browser.open(
            "/oauth/authorize",
            response_type="code",
            client_id=app["client_id"],
            redirect_uri="pilot://done",
        )
        [sign_up_link] = re.findall(r'href="(/auth/sign_up[^"]*)"', asked.text)
        page = await join(browser, unescape(sign_up_link))
        if sends_mail:
            token = (await found.link()).partition("=")[2]
            page = (await browser.post("/auth/confirmation", confirmation_token=token)).text
        [go_on] = re.findall(r'href="(/oauth/authorize\?[^"]*)"', page)
        assert "Pilot" in (await browser.open(unescape(go_on))).text


async def test_a_newcomer_is_led_to_no_other_site(open_site: Site) -> None:
    targets = ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x")
    for number, target in enumerate(targets):
        browser = open_site.browser()
        name = f"nora{number}"
        page = await join(browser, username=name, email=f"{name}@far.example", next=target)
        assert "evil" not in page
        token = (await open_site.link()).partition("=")[2]
        done = await browser.post("/auth/confirmation", confirmation_token=token)
        assert "evil" not in done.text
        assert "javascript" not in done.text
