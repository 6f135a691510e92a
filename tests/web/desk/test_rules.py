"""Rules are written, translated and put into an order at the desk."""

import re

import httpx
import pytest

from server.runtime import Runtime
from server.store import audit_log, rules
from server.store.accounts import Account
from server.store.pages import Page
from tests.forms import PASSWORD, proof
from tests.makers import make_member
from tests.web.desk.test_desk import enter, press, text_of

PATH = "/desk/rules"


async def test_from_the_first_words_to_the_page_that_everybody_reads(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    await press(
        client, PATH, text="Be kind", hint="Always", **{"translations[nl][text]": "Wees aardig"}
    )
    await press(client, PATH, text="Be brief")
    await press(client, PATH, text="Be here")
    kind, brief, here = await rules.list_rules(runtime.db)
    page = await text_of(client, PATH)
    assert page.count('value="up"') == page.count('value="down"') == 2
    await press(client, f"{PATH}/{here.id}", do="up")
    await press(client, f"{PATH}/{kind.id}", do="down")
    assert [one.id for one in await rules.list_rules(runtime.db)] == [here.id, kind.id, brief.id]
    # What stands there already stays when something is added.
    form = await text_of(client, f"{PATH}/{kind.id}")
    said = dict(re.findall(r'name="(translations[^"]+)"[^>]*>([^<]*)<', form))
    assert said["translations[nl][text]"] == "Wees aardig"
    other = {"other_language": "fy", "other_text": "Wês aardich"}
    await press(client, f"{PATH}/{kind.id}", text="Be kinder", **said, **other)
    changed = await rules.get_rule(runtime.db, kind.id)
    assert (changed.text, changed.hint) == ("Be kinder", "")
    assert changed.translations == {
        "nl": {"text": "Wees aardig", "hint": ""},
        "fy": {"text": "Wês aardich", "hint": ""},
    }
    # Of a language that is merely chosen nothing is lost.
    await press(client, f"{PATH}/{kind.id}", text="Be kinder", **said, other_language="nl")
    assert (await rules.get_rule(runtime.db, kind.id)).translations == {
        "nl": {"text": "Wees aardig", "hint": ""}
    }
    await press(client, f"{PATH}/{kind.id}", do="down")
    await press(client, f"{PATH}/{brief.id}", do="delete")
    await press(client, f"{PATH}/{kind.id}", do="up")  # what was taken away is in nobody's way
    assert [one.id for one in await rules.list_rules(runtime.db)] == [kind.id, here.id]
    client.cookies.clear()
    assert "Be kinder" in await text_of(client, "/about")
    assert "Wees aardig" in await text_of(client, "/about", "nl")
    log = await audit_log.entry_page(runtime.db, Page(10), target_kind="rule")
    acts = [
        "update",
        "destroy",
        "update",
        "update",
        "update",
        "update",
        "update",
        "create",
        "create",
        "create",
    ]
    assert [entry.action for entry in log] == acts
    assert (log[1].account_id, log[1].target_name) == (boss.id, "Be brief")


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"text": " "}, "Er is geen tekst"),
        ({"hint": "x" * 1001}, "langer dan 1000 tekens"),
        ({"translations[nl][text]": "y" * 1001}, "langer dan 1000 tekens"),
        ({"other_text": "Wês aardich"}, "Kies de taal"),
    ],
)
async def test_what_cannot_be_comes_back_as_it_was_typed(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account, wrong: dict[str, str], problem: str
) -> None:
    number = await rules.insert_rule(runtime.db, "Be kind", "", {})
    for path in (PATH, f"{PATH}/{number}"):
        form = {"csrf": proof(client), "text": "Be brief", **wrong}
        answer = await client.post(path, data=form, headers={"Accept-Language": "nl"})
        assert answer.status_code == 422
        assert problem in answer.text
        assert all(text.strip() in answer.text for text in form.values())
    assert [one.text for one in await rules.list_rules(runtime.db)] == ["Be kind"]


async def test_it_takes_the_permission_a_form_from_here_and_a_rule(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    number = await rules.insert_rule(runtime.db, "Be kind", "", {})
    assert (await client.post(f"{PATH}/{number}", data={"do": "delete"})).status_code == 403
    for missing in (number + 1, 2**40):
        assert (await client.get(f"{PATH}/{missing}")).status_code == 404
        for do in ("up", "delete", ""):
            form = {"csrf": proof(client), "do": do, "text": "x"}
            assert (await client.post(f"{PATH}/{missing}", data=form)).status_code == 404
    await enter(client, await make_member(runtime, "anna", role="moderator", password=PASSWORD))
    for path in (PATH, f"{PATH}/{number}"):
        form = {"csrf": proof(client), "do": "delete", "text": "x"}
        assert (await client.get(path)).status_code == 403
        assert (await client.post(path, data=form)).status_code == 403
    assert len(await rules.list_rules(runtime.db)) == 1
