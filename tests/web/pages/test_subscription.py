"""Whoever has no account follows a member by mail: from the form to the post in the mailbox."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from server.actions.upload import upload_media
from server.mail.subscription import subscription_link
from server.settings import Settings
from server.store import roles
from server.store.accounts import Account
from tests.forms import PASSWORD, Site, site
from tests.makers import Api, make_member, make_status, make_token, run_jobs
from tests.pictures import picture

READER = "reader@far.example"


@pytest.fixture
async def open_site(settings: Settings) -> AsyncIterator[Site]:
    async with site(settings, email_subscriptions=True, registrations="open") as found:
        yield found


@pytest.fixture
async def anna(open_site: Site) -> Account:
    """Her role allows it, and she has ticked the box."""
    await roles.set_permission(open_site.runtime.db, roles.EVERYONE, 1 << 22, is_on=True)
    account = await make_member(open_site.runtime, "anna", password=PASSWORD)
    browser = open_site.browser()
    await browser.sign_in()
    await browser.submit("/settings/mail", "/settings/mail/subscribers", is_open="1")
    return account


async def later(found: Site) -> None:
    """The five minutes are over."""
    await found.runtime.db.execute("UPDATE jobs SET run_at = now() WHERE name = 'mail_posts'")


def path_in(text: str) -> str:
    found = re.search(r"http://localhost:3000(/mail/subscription\S+)", text)
    assert found, text
    return found[1]


async def subscribe(found: Site, email: str = READER) -> str:
    """Through the page, to the end; gives the mail."""
    reader = found.browser("192.0.2.7")
    sent = await reader.submit("/mail/posts/anna", "/mail/posts/anna", email=email)
    assert email in sent.text
    ((to, text),) = await found.mails()
    assert to == email
    await reader.submit(path_in(text), "/mail/subscription")
    return text


async def test_posts_come_by_mail_after_the_address_was_confirmed(
    open_site: Site, anna: Account
) -> None:
    runtime, reader = open_site.runtime, open_site.browser("192.0.2.7")
    assert "/mail/posts/anna" in (await reader.open("/@anna")).text
    await reader.submit("/mail/posts/anna", "/mail/posts/anna", email=f" {READER.upper()} ")
    ((to, text),) = await open_site.mails()
    assert to == READER.upper()
    assert (await reader.open(path_in(text))).status_code == 200  # a scanner looks
    await make_status(runtime, anna, "too early")
    await later(open_site)
    assert await open_site.mails() == []
    done = await reader.submit(path_in(text), "/mail/subscription")
    assert "from now on" in done.text

    first = await make_status(runtime, anna, "hello <b>world</b>")
    await make_status(runtime, anna, "for followers", visibility="private")
    await make_status(runtime, anna, "unlisted", visibility="unlisted")
    await make_status(runtime, anna, "more of it", in_reply_to_id=first)
    ben = await make_member(runtime, "ben")
    theirs = await make_status(runtime, ben, "by ben")
    await make_status(runtime, anna, "an answer to him", in_reply_to_id=theirs)
    for warning in ("", "careful"):
        image = await upload_media(runtime, anna.id, picture(), f"{warning or 'plain'} hedge", None)
        text = f"{warning and 'secret '}inside"
        more = {"spoiler_text": warning, "media_ids": [image.id]}
        await make_status(runtime, anna, text, **more)
    await later(open_site)
    ((to, text),) = await open_site.mails()
    assert to == READER
    assert text.startswith("anna: hello <b>world</b>, and 3 more")
    assert "more of it" in text
    assert "[plain hedge]" in text
    assert "careful" in text
    assert f"/@anna/{first}" in text
    for other in (
        "followers",
        "unlisted",
        "an answer",
        "by ben",
        "secret",
        "careful hedge",
        "too early",
    ):
        assert other not in text
    await later(open_site)
    assert await open_site.mails() == []  # once


async def test_one_click_ends_it(open_site: Site, anna: Account) -> None:
    await subscribe(open_site)
    await make_status(open_site.runtime, anna, "hello")
    await later(open_site)
    await run_jobs(open_site.runtime)
    (mail,) = open_site.server.mails
    assert mail["List-Id"] == "<anna.posts.localhost>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = path_in(mail["List-Unsubscribe"].strip("<>"))
    reader = open_site.browser()
    ended = await reader.client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert "no more posts of anna" in ended.text
    assert (await reader.open(path)).status_code == 410
    open_site.server.mails.clear()
    await make_status(open_site.runtime, anna, "again")
    await later(open_site)
    assert await open_site.mails() == []


async def test_only_our_links_and_addresses_count(open_site: Site, anna: Account) -> None:
    reader = open_site.browser()
    wrong = await reader.submit("/mail/posts/anna", "/mail/posts/anna", email="no address")
    assert wrong.status_code == 422
    await subscribe(open_site)
    ids = await open_site.runtime.db.fetch("SELECT id FROM email_subscriptions")
    good = subscription_link(open_site.runtime, ids[0]["id"], "end").partition("=")[2]
    for token in ("", "x", good[:-6], good[::-1]):
        assert (await reader.open("/mail/subscription", token=token)).status_code == 404
    assert await open_site.mails() == []
    # Who gets the posts already learns of it alone: the answer is the same, and no mail comes.
    again = await reader.submit("/mail/posts/anna", "/mail/posts/anna", email=READER)
    assert READER in again.text
    assert await open_site.mails() == []


@pytest.mark.parametrize("closed_by", ["member", "role", "suspension", "server", "nobody there"])
async def test_it_is_there_only_where_server_role_and_member_want_it(
    open_site: Site, anna: Account, settings: Settings, closed_by: str
) -> None:
    db = open_site.runtime.db
    await subscribe(open_site)
    await make_status(open_site.runtime, anna, "under way")
    found: Any = open_site
    account_id = anna.id
    if closed_by == "member":
        await db.execute("UPDATE users SET email_subscriptions = false")
    elif closed_by == "role":
        await roles.set_permission(db, roles.EVERYONE, 1 << 22, is_on=False)
    elif closed_by == "suspension":
        await db.execute("UPDATE accounts SET suspended_at = now() WHERE id = $1", anna.id)
    elif closed_by == "nobody there":
        account_id = 1
    if closed_by != "nobody there" and closed_by != "server":
        await later(open_site)
        assert await open_site.mails() == []
    if closed_by == "server":
        async with site(settings) as found:
            await _is_closed(found, account_id)
    else:
        await _is_closed(found, account_id)


async def _is_closed(found: Site, account_id: int) -> None:
    browser = found.browser()
    path = f"/api/v1/accounts/{account_id}/email_subscriptions"
    answer = await browser.client.post(path, data={"email": READER})
    assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})
    name = "anna" if account_id > 1 else "nobody"
    assert (await browser.open(f"/mail/posts/{name}")).status_code == 404
    assert "/mail/posts/" not in (await browser.open(f"/@{name}")).text
    assert await found.mails() == []


async def test_an_app_asks_for_a_stranger(open_site: Site, anna: Account) -> None:
    client = open_site.browser().client
    shown = (await client.get(f"/api/v1/accounts/{anna.id}")).json()
    assert shown["email_subscriptions"] is True
    path = f"/api/v1/accounts/{anna.id}/email_subscriptions"
    dutch = {"Accept-Language": "nl"}
    answer = await client.post(path, json={"email": READER}, headers=dutch)
    assert (answer.status_code, answer.json()) == (200, {})
    ((to, text),) = await open_site.mails()
    assert (to, text.partition("\n")[0]) == (
        READER,
        "Bevestig dat je de berichten van anna wilt krijgen",
    )
    blank = await client.post(path, json={})
    assert blank.status_code == 422
    assert blank.json()["details"]["email"][0]["error"] == "ERR_BLANK"
    for _ in range(4):
        assert (await client.post(path, json={"email": READER})).status_code == 200
    assert (await client.post(path, json={"email": READER})).status_code == 429


async def test_who_joins_follows_whom_they_followed_by_mail(open_site: Site, anna: Account) -> None:
    await subscribe(open_site)
    nora = await make_member(open_site.runtime, "nora")
    await open_site.runtime.db.execute(
        "UPDATE users SET email = $2 WHERE account_id = $1", nora.id, READER
    )
    async with open_site.runtime.transaction() as tx:
        tx.enqueue("receive_newcomer", nora.id)
    await run_jobs(open_site.runtime)
    api = Api(open_site.browser().client, await make_token(open_site.runtime, nora))
    followed = await api.get(f"/api/v1/accounts/{nora.id}/following")
    assert [one["username"] for one in followed] == ["anna"]
    assert await open_site.runtime.db.fetchval("SELECT count(*) FROM email_subscriptions") == 0


async def test_a_member_whose_role_does_not_allow_it_has_no_such_box(open_site: Site) -> None:
    await make_member(open_site.runtime, "ben", password=PASSWORD)
    browser = open_site.browser()
    await browser.sign_in("ben")
    page = await browser.open("/settings/mail")
    assert "/settings/mail/subscribers" not in page.text
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page.text)[0]
    answer = await browser.post("/settings/mail/subscribers", csrf=csrf, is_open="1")
    assert answer.status_code == 403
