from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest

from server.runtime import Runtime
from server.settings import Settings
from server.store import instance_texts
from server.store.accounts import Account
from tests.forms import PASSWORD, Browser, Site, site
from tests.makers import make_member
from tests.web.desk.test_desk import text_of

DAY = date(2200, 1, 31)
PATH = f"/desk/texts/terms/mail?day={DAY}"


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[Site]:
    """An instance with coming terms, and anna, who may tell of them."""
    async with site(settings) as house:
        await make_member(house.runtime, role="admin", password=PASSWORD)
        await instance_texts.put_terms(house.runtime.db, DAY, "en", "# Terms")
        await house.mails()
        yield house


@pytest.fixture
async def anna(house: Site) -> AsyncIterator[Browser]:
    browser = house.browser()
    await browser.sign_in()
    yield browser
    await browser.client.aclose()


async def test_members_are_told_as_it_was_shown(house: Site, anna: Browser) -> None:
    texts = await anna.open("/desk/texts", lang="en")
    assert f'href="{PATH}">Tell members by mail of the terms of {DAY}</a>' in texts.text
    action = PATH.partition("?")[0]
    words = {"words[en]": "Be <b>kind</b>.\r\nAlways.", "words[nl]": "Wees aardig."}
    form = (await anna.open(PATH)).text
    assert "Mail it to all members (1)" in form
    assert "What changes:" not in form
    seen = await anna.submit(PATH, action, do="look", **words)
    assert "  Be &lt;b&gt;kind&lt;/b&gt;.\n  Always." in seen.text
    assert "  Wees aardig." in seen.text
    assert 'lang="nl">Wees aardig.</textarea>' in seen.text
    assert await house.mails() == []
    left = await anna.submit(PATH, action, do="tell", **words)
    assert left.url.path == "/desk/texts"
    [(to, text)] = await house.mails()
    assert (to, "  Be <b>kind</b>.\r\n  Always." in text) == ("anna@example.org", True)
    texts = await anna.open("/desk/texts")
    assert f"Members are told by mail of the terms of {DAY}. Mails written: 1" in texts.text
    assert f"/desk/texts/terms?day={DAY}" not in texts.text, "they stay as they are"
    assert "<textarea" not in (await anna.open(PATH)).text


async def test_what_cannot_be_is_said(house: Site, anna: Browser) -> None:
    action = PATH.partition("?")[0]
    page = await anna.submit(PATH, action, do="tell", **{"words[en]": "x" * 2001})
    assert (page.status_code, "at most 2000 characters." in page.text) == (422, True)
    for day in ("2199-01-01", "soon", ""):
        assert (await anna.open(action, day=day)).status_code == 404
    assert (await anna.post(action, day=DAY.isoformat(), do="tell")).status_code == 403
    assert await house.mails() == []


async def test_it_takes_the_permission(house: Site) -> None:
    await make_member(house.runtime, "mo", role="moderator", password=PASSWORD)
    mo = house.browser()
    await mo.sign_in("mo")
    assert (await mo.open(PATH)).status_code == 403
    await mo.client.aclose()


async def test_without_a_mail_server_the_page_says_so(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    await instance_texts.put_terms(runtime.db, DAY, "en", "# Terms")
    page = await text_of(client, PATH)
    assert "This place sends no mails." in page
    assert "<textarea" not in page
