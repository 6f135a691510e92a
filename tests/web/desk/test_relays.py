"""Relays are asked and left at the desk."""

import httpx
import pytest

from server.runtime import Runtime
from server.store import audit_log, relays
from server.store.accounts import Account
from server.store.pages import Page
from tests.forms import PASSWORD, proof
from tests.makers import make_member, outgoing
from tests.web.desk.test_desk import enter, press, text_of

PATH = "/desk/relays"
INBOX = "https://relay.example/inbox"


async def test_a_relay_is_asked_and_left(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    await press(client, PATH, address=f" {INBOX} ")
    [relay] = await relays.list_relays(runtime.db)
    page = await text_of(client, PATH)
    assert INBOX in page
    assert "has not answered yet" in page
    await press(client, PATH, leave_id=relay.id)
    assert await relays.list_relays(runtime.db) == []
    assert [one["type"] for one in await outgoing(runtime)] == ["Follow", "Undo"]
    log = await audit_log.entry_page(runtime.db, Page(9), account_id=boss.id)
    assert [(entry.action, entry.target_name) for entry in log] == [
        ("destroy", INBOX), ("create", INBOX),
    ]  # fmt: skip
    missing = {"csrf": proof(client), "leave_id": str(relay.id)}
    assert (await client.post(PATH, data=missing)).status_code == 404


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("relay.example", "Een relay heeft een adres"),
        ("http://127.0.0.1:1/actor", "antwoordt niet"),
        (INBOX, "geeft onze berichten al door"),
    ],
)
async def test_what_cannot_be_asked_is_told(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account, address: str, problem: str
) -> None:
    await relays.put_relay(runtime.db, INBOX, "mastodon", INBOX, None, "x")
    await runtime.db.execute("UPDATE relays SET state = 'accepted'")
    form = {"csrf": proof(client), "address": address}
    answer = await client.post(PATH, data=form, headers={"Accept-Language": "nl"})
    assert answer.status_code == 422
    assert problem in answer.text
    assert f'value="{address}"' in answer.text


async def test_it_takes_the_permission_and_a_form_from_here(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    assert (await client.post(PATH, data={"address": INBOX})).status_code == 403
    await enter(client, await make_member(runtime, "mo", role="moderator", password=PASSWORD))
    assert (await client.get(PATH)).status_code == 403
    form = {"csrf": proof(client), "address": INBOX}
    assert (await client.post(PATH, data=form)).status_code == 403
    assert await relays.list_relays(runtime.db) == []
