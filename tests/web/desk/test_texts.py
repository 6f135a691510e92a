"""What the instance says of itself, and its terms, are written at the desk."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from server.runtime import Runtime
from server.store import audit_log, instance_texts
from server.store.accounts import Account
from server.store.pages import Page
from tests.forms import PASSWORD, proof
from tests.makers import make_member
from tests.web.desk.test_desk import enter, press, text_of

PATH = "/desk/texts"
pytestmark = pytest.mark.usefixtures("one_day")


def day(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days)).date().isoformat()


async def test_a_text_takes_the_place_of_the_shipped_one_and_goes_again(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    place = f"{PATH}/privacy_policy/nl"
    shipped = await text_of(client, place)
    assert "# Wat we bewaren" in shipped
    assert 'value="delete"' not in shipped
    await press(client, place, markdown="# Niets\r\n\r\nWij bewaren <b>niets</b>.")
    assert "Wij bewaren &lt;b&gt;niets" in await text_of(client, "/privacy-policy", "nl")
    assert f'href="{place}" aria-describedby="privacy_policy">Nederlands</a>' in await text_of(
        client, PATH, "nl"
    )
    assert "yours, of" in await text_of(client, PATH)
    [kept] = await instance_texts.list_texts(runtime.db, "privacy_policy")
    assert kept.markdown == "# Niets\n\nWij bewaren <b>niets</b>."
    assert 'value="delete"' in await text_of(client, place)
    for _ in range(2):  # the second finds none
        await press(client, place, do="delete")
    assert "Wat we bewaren" in await text_of(client, "/privacy-policy", "nl")
    # In a language that nothing is shipped in, one begins with nothing.
    french = f"{PATH}/extended_description/fr"
    assert 'required aria-describedby="markdown-help" lang="fr"></textarea>' in await text_of(
        client, french
    )
    await press(client, french, markdown="Bonjour")
    assert "Bonjour" in await text_of(client, "/about", "fr")
    log = await audit_log.entry_page(runtime.db, Page(9), target_kind="instance_text")
    assert [(entry.action, entry.target_name) for entry in log] == [
        ("update", "extended_description fr"),
        ("destroy", "privacy_policy nl"),
        ("update", "privacy_policy nl"),
    ]
    assert log[0].account_id == boss.id


async def test_terms_hold_from_a_day_on_and_are_changed_until_then(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    place = f"{PATH}/terms"
    await press(client, place, day=day(0), language="en", markdown="Be here.")
    assert "Be here." in await text_of(client, "/terms-of-service")
    assert "Be here." in await text_of(client, place + "?language=en"), "new ones begin with these"
    await press(client, place, day=day(9), language="en", markdown="Be there.")
    page = await text_of(client, PATH)
    assert f'href="{place}?day={day(9)}&amp;language=en"' in page
    assert f'href="{place}?day={day(0)}' not in page
    coming = await text_of(client, f"{place}?day={day(9)}&language=en")
    assert "Be there." in coming
    assert 'value="delete"' in coming
    await press(client, place, day=day(9), language="en", markdown="Be everywhere.")
    assert "Be everywhere." in await text_of(client, f"/terms-of-service/{day(9)}")
    for days in (0, 9, 9):  # what holds stays
        await press(client, place, do="delete", day=day(days), language="en")
    form = {"csrf": proof(client), "day": day(0), "language": "en", "markdown": "Be nowhere."}
    answer = await client.post(place, data=form)
    assert (answer.status_code, "These terms hold already" in answer.text) == (422, True)
    assert "Be here." in await text_of(client, "/terms-of-service")
    left = await instance_texts.list_all_terms(runtime.db)
    assert [one.effective_date.isoformat() for one in left] == [day(0)]
    log = await audit_log.entry_page(runtime.db, Page(9), target_kind="terms_of_service")
    assert [entry.action for entry in log] == ["destroy", "publish", "publish", "publish"]


@pytest.mark.parametrize(
    ("path", "wrong", "problem"),
    [
        ("privacy_policy/nl", {"markdown": " "}, "Er is geen tekst"),
        ("privacy_policy/nl", {"markdown": "x" * 200_001}, "meer dan 200000 tekens"),
        ("privacy_policy/xx-x", {}, "Kies de taal"),
        ("terms", {"markdown": ""}, "Er is geen tekst"),
        ("terms", {"day": day(-1)}, "Die dag is voorbij"),
        ("terms", {"day": "soon"}, "De dag is niet te lezen"),
        ("terms", {"language": "?"}, "Kies de taal"),
    ],
)
async def test_what_cannot_be_comes_back_as_it_was_typed(
    client: httpx.AsyncClient,
    runtime: Runtime,
    boss: Account,
    path: str,
    wrong: dict[str, str],
    problem: str,
) -> None:
    form = {"csrf": proof(client), "day": day(1), "language": "nl", "markdown": "# Wij", **wrong}
    answer = await client.post(f"{PATH}/{path}", data=form, headers={"Accept-Language": "nl"})
    assert answer.status_code == 422
    assert problem in answer.text
    assert form["markdown"] in answer.text
    assert await instance_texts.list_texts(runtime.db, "privacy_policy") == []
    assert await instance_texts.list_all_terms(runtime.db) == []


async def test_it_takes_the_permission_a_form_from_here_and_a_text(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    form = {"markdown": "x", "day": day(1), "language": "nl"}
    places = (f"{PATH}/terms", f"{PATH}/privacy_policy/nl")
    for path in places:
        assert (await client.post(path, data=form)).status_code == 403
    assert (await client.get(f"{PATH}/joke/nl")).status_code == 404
    await enter(client, await make_member(runtime, "anna", role="moderator", password=PASSWORD))
    form["csrf"] = proof(client)
    for path in places:
        assert (await client.get(path)).status_code == 403
        assert (await client.post(path, data=form)).status_code == 403
    assert (await client.get(PATH)).status_code == 403
