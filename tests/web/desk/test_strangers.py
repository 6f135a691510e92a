"""Rules for posts of strangers are tried, added and put into an order at the desk."""

import re

import httpx
import pytest

from server.runtime import Runtime
from server.store import audit_log, inbound_rules
from server.store.accounts import Account
from server.store.pages import Page
from tests.forms import PASSWORD, proof
from tests.makers import make_member
from tests.neighbour import neighbour
from tests.server.remote.test_strangers import Wave
from tests.web.desk.test_desk import enter, press, text_of
from web.desk import strangers as module

PATH = "/desk/strangers"


async def test_rules_are_added_moved_and_taken_away(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    for word in ("one", "two"):
        await press(client, PATH, do="add", condition="keyword", value=word, outcome="drop")
    first, second = await inbound_rules.list_rules(runtime.db)
    page = await text_of(client, PATH)
    assert page.index("<strong>one</strong>") < page.index("<strong>two</strong>")
    await press(client, PATH, do="up", rule_id=second.id)
    assert [one.id for one in await inbound_rules.list_rules(runtime.db)] == [second.id, first.id]
    await press(client, PATH, do="down", rule_id=second.id)
    assert [one.id for one in await inbound_rules.list_rules(runtime.db)] == [first.id, second.id]
    await press(client, PATH, do="delete", rule_id=first.id)
    assert await inbound_rules.list_rules(runtime.db) == [second]
    log = await audit_log.entry_page(runtime.db, Page(9), account_id=boss.id)
    acts = ["destroy", "update", "update", "create", "create"]
    assert [entry.action for entry in log] == acts
    assert log[0].target_name == "keyword one drop"


async def test_a_rule_is_tried_before_it_holds(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SECONDS", 600)
    with neighbour() as home:
        wave = Wave(runtime, client, home)
        await make_member(runtime, "anna")
        await wave.send("eve", "<p>play at the <b>casino</b></p>")
        await wave.send("remy", "<p>good morning</p>")
        form = {"csrf": proof(client), "do": "try", "condition": "keyword", "value": "casino"}
        answer = await client.post(PATH, data=form)
        assert answer.status_code == 200
        assert re.findall(r"<strong>@(\w+)@", answer.text) == ["eve"]
        assert 'value="casino"' in answer.text, "as it was typed"
        assert "There may be more" not in answer.text
        answer = await client.post(PATH, data=form | {"value": "sports"})
        assert "None." in answer.text
        monkeypatch.setattr(module, "_SECONDS", 0)
        answer = await client.post(PATH, data=form)
        assert "There may be more" in answer.text
    assert await inbound_rules.list_rules(runtime.db) == []


@pytest.mark.parametrize("do", ["try", "add"])
@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"condition": "mentions", "value": "many"}, "Schrijf hier een getal."),
        ({"condition": "keyword", "value": " "}, "Schrijf hier een woord."),
        ({"condition": "domain", "value": "no domain"}, "geen domein"),
    ],
)
async def test_what_is_no_rule_is_told(
    client: httpx.AsyncClient,
    runtime: Runtime,
    boss: Account,
    do: str,
    form: dict[str, str],
    problem: str,
) -> None:
    data = {"csrf": proof(client), "do": do, **form}
    answer = await client.post(PATH, data=data, headers={"Accept-Language": "nl"})
    assert answer.status_code == 422
    assert problem in answer.text
    assert await inbound_rules.list_rules(runtime.db) == []


async def test_it_takes_the_permission_a_form_from_here_and_a_rule(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    form = {"condition": "keyword", "value": "casino"}
    assert (await client.post(PATH, data=form)).status_code == 403
    for do in ("up", "down", "delete"):
        wrong = {"csrf": proof(client), "do": do, "rule_id": str(2**40)}
        assert (await client.post(PATH, data=wrong)).status_code == 404
    await enter(client, await make_member(runtime, "mo", role="moderator", password=PASSWORD))
    assert (await client.get(PATH)).status_code == 403
    assert (await client.post(PATH, data=form | {"csrf": proof(client)})).status_code == 403
    assert await inbound_rules.list_rules(runtime.db) == []
