import re

import httpx
import pytest

from server.mail.unsubscribe import unsubscribe_url
from server.runtime import Runtime
from server.secrets import Cipher
from server.store import mail_choices
from tests.forms import PASSWORD, proof, sign_in
from tests.makers import make_member

PATH = "/settings/mail"


def ticked(page: str) -> list[str]:
    return re.findall(r'value="(\w+)" checked', page)


async def test_a_member_chooses(client: httpx.AsyncClient, runtime: Runtime) -> None:
    account = await make_member(runtime, password=PASSWORD)
    # What a form wanted to change is lost, but its sender is led back to it.
    for method, path in (("GET", PATH), ("POST", PATH), ("POST", f"{PATH}/subscribers")):
        answer = await client.request(method, path)
        assert (answer.status_code, answer.headers["location"]) == (
            302,
            "/auth/sign_in?next=%2Fsettings%2Fmail",
        )
    await sign_in(client)
    page = await client.get(PATH)
    assert ticked(page.text) == ["mention", "quote", "follow_request"]
    assert "This instance sends no mails yet" in page.text
    body = {"csrf": proof(client), "kinds[]": ["poll", "favourite", "nonsense"]}
    answer = await client.post(PATH, data=body)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}?saved=yes")
    page = await client.get(f"{PATH}?saved=yes", headers={"Accept-Language": "nl"})
    assert ticked(page.text) == ["favourite", "poll"]
    assert 'role="status"' in page.text
    assert '<html lang="nl">' in page.text
    await client.post(PATH, data={"csrf": proof(client)})
    assert await mail_choices.list_chosen(runtime.db, account.id) == []


async def test_a_forged_form_changes_nothing(client: httpx.AsyncClient, runtime: Runtime) -> None:
    account = await make_member(runtime, password=PASSWORD)
    await sign_in(client)
    answer = await client.post(PATH, data={"csrf": "x", "kinds[]": "poll"})
    assert answer.status_code == 403
    assert await mail_choices.list_chosen(runtime.db, account.id) == list(mail_choices.DEFAULTS)


async def test_one_click_ends_one_kind_of_one_member(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    url = unsubscribe_url(runtime, anna.id, "mention")
    page = await client.get(url)
    assert (page.status_code, "<button>" in page.text) == (200, True)
    # To look at the link changes nothing: programs that look for harm in mails do so.
    assert "mention" in await mail_choices.list_chosen(runtime.db, anna.id)
    for _ in range(2):
        # What a mail program sends: no cookies, no proof (RFC 8058, 3.2).
        answer = await client.post(url, data={"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, 'role="status"' in answer.text) == (200, True)
    assert await mail_choices.list_chosen(runtime.db, anna.id) == ["quote", "follow_request"]
    assert await mail_choices.list_chosen(runtime.db, ben.id) == list(mail_choices.DEFAULTS)


async def test_the_button_of_the_page(client: httpx.AsyncClient, runtime: Runtime) -> None:
    anna = await make_member(runtime, "anna")
    page = await client.get(unsubscribe_url(runtime, anna.id, "quote"))
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    assert found
    assert (await client.post("/mail/unsubscribe", data={"token": found[1]})).status_code == 200
    assert "quote" not in await mail_choices.list_chosen(runtime.db, anna.id)


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 80, "A" * 4000])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_links_that_are_not_ours(client: httpx.AsyncClient, method: str, token: str) -> None:
    answer = await client.request(method, f"/mail/unsubscribe?token={token}")
    assert answer.status_code == 404


async def test_a_link_of_another_instance_or_purpose(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    import base64

    anna = await make_member(runtime, "anna")
    plain = f"{anna.id} mention".encode()
    for cipher, purpose in ((Cipher(b"x" * 32), "unsubscribe"), (runtime.cipher, "mail")):
        token = base64.urlsafe_b64encode(cipher.encrypt(plain, purpose)).decode()
        answer = await client.post("/mail/unsubscribe", data={"token": token})
        assert answer.status_code == 404
    assert "mention" in await mail_choices.list_chosen(runtime.db, anna.id)


async def test_the_link_of_who_is_gone_still_answers(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    answer = await client.post(unsubscribe_url(runtime, 1, "mention"))
    assert answer.status_code == 200
