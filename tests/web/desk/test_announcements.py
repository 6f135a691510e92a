"""Announcements are written, planned and taken back at the desk."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from server.actions.announce import Draft, add_announcement
from server.runtime import Runtime
from server.store import announcements, audit_log, users
from server.store.accounts import Account
from server.store.announcements import Announcement
from server.store.pages import Page
from tests.forms import PASSWORD, proof
from tests.makers import make_member, run_jobs
from tests.web.desk.test_desk import enter, press, text_of

PATH = "/desk/announcements"


def typed(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


async def shown(runtime: Runtime, reader: Account) -> list[Announcement]:
    await run_jobs(runtime)
    return await announcements.list_shown(runtime.db, reader.id)


async def test_one_from_its_writing_to_its_end(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    await press(client, PATH, text="Tea at <b>four</b>\r\nin the hall")
    [one] = await shown(runtime, boss)
    assert one.text == "Tea at <b>four</b>\nin the hall"
    page = await text_of(client, PATH)
    assert "Tea at &lt;b&gt;four" in page
    assert 'value="withdraw"' in page
    place = f"{PATH}/{one.id}"
    assert "Tea at" in await text_of(client, place, "nl")
    times = {"starts_at": typed(1), "ends_at": typed(2), "all_day": "true"}
    await press(client, place, text="Tea at five", **times)
    [one] = await shown(runtime, boss)
    assert (one.text, one.content, one.all_day) == ("Tea at five", "<p>Tea at five</p>", True)
    assert times["ends_at"] in await text_of(client, place)
    await press(client, place, do="withdraw")
    assert await shown(runtime, boss) == []
    assert "Taken back" in await text_of(client, PATH)
    await press(client, place, do="publish")
    assert len(await shown(runtime, boss)) == 1
    await press(client, place, do="delete")
    assert "There are no announcements" in await text_of(client, PATH)
    assert (await client.get(place)).status_code == 404
    log = await audit_log.entry_page(runtime.db, Page(9), target_kind="announcement")
    assert [entry.action for entry in log] == ["destroy", "update", "update", "update", "create"]
    assert {entry.account_id for entry in log} == {boss.id}
    assert log[0].target_name == "Tea at five"


async def test_what_was_planned_goes_by_the_times_that_are_written_last(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    await press(client, PATH, text="later", publish_at=typed(2))
    assert await shown(runtime, boss) == []
    page = await text_of(client, PATH)
    assert "Planned" in page
    number = re.findall(rf"{PATH}/(\d+)", page)[0]
    await press(client, f"{PATH}/{number}", text="sooner", publish_at=typed(-1))
    [one] = await shown(runtime, boss)
    # One that was shown once and taken back is not published by the plan of old.
    await press(client, f"{PATH}/{number}", do="withdraw")
    await runtime.db.execute("UPDATE jobs SET run_at = now() - interval '1 minute'")
    assert await shown(runtime, boss) == []
    # An end that was put off holds, although the old one is planned as well.
    await press(client, f"{PATH}/{one.id}", do="publish")
    for hours in (1, 5):
        times = {"starts_at": typed(-1), "ends_at": typed(hours)}
        await press(client, f"{PATH}/{one.id}", text="x", **times)
    await runtime.db.execute("UPDATE jobs SET run_at = now() - interval '1 minute'")
    assert len(await shown(runtime, boss)) == 1
    await press(client, f"{PATH}/{one.id}", text="x", starts_at=typed(-2), ends_at=typed(-1))
    assert await shown(runtime, boss) == []
    assert 'value="publish"' not in await text_of(client, PATH), "it is over"
    await press(client, f"{PATH}/{one.id}", do="publish")
    assert await shown(runtime, boss) == []


async def test_times_are_those_of_the_moderators_clock(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    await users.update_preferences(runtime.db, boss.id, time_zone="Europe/Amsterdam")
    times = {"starts_at": "2026-07-01T09:00", "ends_at": "2026-12-31T17:30"}
    await press(client, PATH, text="Summer", **times)
    [one] = await announcements.list_all(runtime.db)
    assert one.starts_at == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert one.ends_at == datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    page = await text_of(client, f"{PATH}/{one.id}")
    assert "Begins (Europe/Amsterdam)" in page
    assert all(f'value="{at}"' in page for at in times.values())


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"text": " "}, "Er is geen tekst, of meer dan 10000 tekens."),
        ({"starts_at": "2026-12-01T10:00"}, "Geef een begin en een eind"),
        ({"starts_at": "2026-12-02", "ends_at": "2026-12-01"}, "eindigt voor het begint"),
        ({"publish_at": "tomorrow"}, "niet te lezen"),
    ],
)
async def test_what_cannot_be_comes_back_as_it_was_typed(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account, wrong: dict[str, str], problem: str
) -> None:
    made = await add_announcement(runtime, None, Draft("Hello"))
    for path in (PATH, f"{PATH}/{made}"):
        form = {"csrf": proof(client), "text": "Hello there", **wrong}
        answer = await client.post(path, data=form, headers={"Accept-Language": "nl"})
        assert answer.status_code == 422
        assert problem in answer.text
        assert form["text"].strip() in answer.text
    [one] = await announcements.list_all(runtime.db)
    assert one.text == "Hello"


async def test_it_takes_the_permission_and_a_form_from_here(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    made = await add_announcement(runtime, None, Draft("Hello"))
    for form in ({"do": "delete"}, {"do": "delete", "csrf": "x"}):
        assert (await client.post(f"{PATH}/{made}", data=form)).status_code == 403
    await enter(client, await make_member(runtime, "anna", role="moderator", password=PASSWORD))
    for path in (PATH, f"{PATH}/{made}"):
        assert (await client.get(path)).status_code == 403
        form = {"csrf": proof(client), "do": "delete", "text": "x"}
        assert (await client.post(path, data=form)).status_code == 403
    assert len(await announcements.list_all(runtime.db)) == 1
