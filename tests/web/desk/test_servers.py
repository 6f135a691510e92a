"""Moderators decide about other servers at the desk."""

import httpx
import pytest

from server.runtime import Runtime
from server.store import audit_log, domain_rules, follows
from server.store.accounts import Account
from server.store.domain_rules import NewRule
from server.store.pages import Page
from tests.forms import PASSWORD, proof
from tests.makers import make_member, make_remote, run_jobs
from tests.web.desk.test_desk import enter, press, text_of

PATH = "/desk/servers"
ALLOWED = f"{PATH}/allowed"


async def test_a_server_is_limited_blocked_and_let_go(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    remy = await make_remote(runtime)
    await follows.insert_follow(runtime.db, boss.id, remy.id, None)
    said = {"private_comment": "seen it", "public_comment": "<b>spam</b>"}
    await press(client, PATH, domain=" Far.Example ", severity="silence", reject_media="1", **said)
    [rule] = await domain_rules.list_rules(runtime.db)
    assert (rule.domain, rule.severity, rule.reject_media) == ("far.example", "silence", True)
    page = await text_of(client, PATH)
    assert "far.example</a>: limited" in page
    assert "&lt;b&gt;spam" in page
    assert "far.example" not in await text_of(client, f"{PATH}?name=near")
    assert "far.example" in await text_of(client, f"{PATH}?name=FAR")
    place = f"{PATH}/{rule.id}"
    form = await text_of(client, place)
    assert '<option value="silence" selected>' in form
    assert 'name="reject_media" value="true" checked' in form
    await press(client, place, severity="suspend", obfuscate="1", **said)
    await run_jobs(runtime)
    assert await runtime.db.fetchval("SELECT count(*) FROM follows") == 0
    [rule] = await domain_rules.list_rules(runtime.db)
    assert (rule.severity, rule.reject_media, rule.obfuscate) == ("suspend", False, True)
    await press(client, place, do="delete")
    assert await domain_rules.list_rules(runtime.db) == []
    log = await audit_log.entry_page(runtime.db, Page(9), target_kind="domain_block")
    acts = [(entry.action, entry.account_id) for entry in log]
    assert acts == [("destroy", boss.id), ("update", boss.id), ("create", boss.id)]


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"domain": ""}, "Er is geen domein."),
        ({"domain": "no domain"}, "Dit is geen domein."),
        ({"severity": "kill"}, "keuze is er niet"),
        ({"public_comment": "x" * 1001}, "langer dan 1000 tekens"),
        ({"domain": "bad.example"}, "Over bad.example is al iets strengers"),
        ({"domain": "sub.bad.example"}, "Over bad.example is al iets strengers"),
    ],
)
async def test_what_cannot_be_comes_back_as_it_was_typed(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account, wrong: dict[str, str], problem: str
) -> None:
    await domain_rules.put_rule(runtime.db, "bad.example", NewRule("suspend"))
    form = {"csrf": proof(client), "domain": "far.example", "private_comment": "seen it", **wrong}
    answer = await client.post(PATH, data=form, headers={"Accept-Language": "nl"})
    assert answer.status_code == 422
    assert problem in answer.text
    assert f'value="{form["domain"]}"' in answer.text
    assert "seen it" in answer.text
    assert len(await domain_rules.list_rules(runtime.db)) == 1


async def test_with_whom_we_talk_is_a_list(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    assert "Here it is not" in await text_of(client, ALLOWED)
    await press(client, ALLOWED, domain="friend.example")
    [allowed] = await domain_rules.allowed_page(runtime.db, Page(9))
    assert "friend.example" in await text_of(client, ALLOWED)
    wrong = await client.post(ALLOWED, data={"csrf": proof(client), "domain": "no domain"})
    assert wrong.status_code == 422
    await press(client, ALLOWED, allowed_id=allowed.id)
    assert await domain_rules.allowed_page(runtime.db, Page(9)) == []
    log = await audit_log.entry_page(runtime.db, Page(9), target_kind="domain_allow")
    assert [entry.action for entry in log] == ["destroy", "create"]


async def test_it_takes_the_permission_and_a_form_from_here(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    rule = await domain_rules.put_rule(runtime.db, "bad.example", NewRule("suspend"))
    paths = (PATH, ALLOWED, f"{PATH}/{rule.id}")
    form = {"do": "delete", "domain": "far.example"}
    for path in paths:
        assert (await client.post(path, data=form)).status_code == 403
    await enter(client, await make_member(runtime, "mo", role="moderator", password=PASSWORD))
    for path in paths:
        assert (await client.get(path)).status_code == 403
        assert (await client.post(path, data=form | {"csrf": proof(client)})).status_code == 403
    assert [one.domain for one in await domain_rules.list_rules(runtime.db)] == ["bad.example"]
