"""Mails about terms: to whom, in which words, and each of them once."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from server.actions import tell_of_terms
from server.actions.instance_texts import remove_terms, write_terms
from server.actions.tell_of_terms import tell_members, tell_of_terms_job
from server.errors import Invalid, NotFound
from server.runtime import Runtime
from server.settings import Settings
from server.store import audit_log, instance_texts, terms_notices
from server.store.pages import Page
from tests.forms import Site, site
from tests.makers import make_member

DAY = date(2200, 1, 31)


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[Site]:
    """An instance with coming terms, and with anna, who is an owner, and ben, who reads Dutch."""
    async with site(settings, instance_contact_email="us@example.org") as house:
        runtime = house.runtime
        await make_member(runtime, role="owner")
        ben = await make_member(runtime, "ben")
        await runtime.db.execute("UPDATE users SET locale = 'nl' WHERE account_id = $1", ben.id)
        for language in ("en", "nl"):
            await instance_texts.put_terms(runtime.db, DAY, language, "# Terms")
        await house.mails()
        yield house


async def owner(runtime: Runtime) -> int:
    return int(await runtime.db.fetchval("SELECT min(account_id) FROM users"))


async def test_each_member_reads_it_in_their_language(house: Site) -> None:
    runtime = house.runtime
    words = {"en": "Be <kind>.", "nl": ""}
    await tell_members(runtime, await owner(runtime), DAY, words)
    mails = {to: text.replace("\r\n", "\n") for to, text in await house.mails()}
    assert set(mails) == {"anna@example.org", "ben@example.org"}
    english, dutch = mails["anna@example.org"], mails["ben@example.org"]
    assert english.startswith("Terms that hold from 2200-01-31 on\n")
    assert "/terms-of-service/2200-01-31?lang=en\n" in english
    assert "  Be <kind>.\n" in english
    assert "Write to us@example.org." in english
    assert "Vanaf 2200-01-31 gelden bij" in dutch
    assert "/terms-of-service/2200-01-31?lang=nl\n" in dutch
    assert "  Be <kind>.\n" in dutch, "nobody has put it into Dutch"
    shown = tell_of_terms.preview(runtime, DAY, words)
    assert list(shown) == ["en", "nl"]
    assert shown["en"] == ("Terms that hold from 2200-01-31 on", english.partition("\n")[2].strip())
    [entry] = await audit_log.entry_page(runtime.db, Page(9), target_kind="terms_of_service")
    assert (entry.action, entry.target_name) == ("distribute", "2200-01-31")


async def test_nobody_is_told_twice_however_often_the_job_runs(
    house: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tell_of_terms, "_AT_ONCE", 2)
    runtime = house.runtime
    names = {"anna", "ben"} | {(await make_member(runtime, f"m{n}")).username for n in range(5)}
    await house.mails()
    assert await terms_notices.count_members(runtime.db) == 7
    await tell_members(runtime, await owner(runtime), DAY, {})
    await tell_of_terms_job(runtime, DAY.isoformat())  # as after a worker that died
    mails = await house.mails()
    assert sorted(to for to, _ in mails) == sorted(f"{name}@example.org" for name in names)
    await tell_of_terms_job(runtime, DAY.isoformat())
    assert await house.mails() == []
    [day] = await terms_notices.list_days(runtime.db)
    assert (day.day, day.told) == (DAY, 7)
    with pytest.raises(Invalid, match="already"):
        await tell_members(runtime, await owner(runtime), DAY, {})


async def test_only_members_of_that_moment_are_told(house: Site) -> None:
    runtime, db = house.runtime, house.runtime.db
    for name, change in (
        ("gone", "UPDATE accounts SET suspended_at = now() WHERE id = $1"),
        ("off", "UPDATE users SET disabled_at = now() WHERE account_id = $1"),
        ("new", "UPDATE users SET confirmed_at = NULL WHERE account_id = $1"),
        ("asks", "UPDATE users SET approved_at = NULL WHERE account_id = $1"),
    ):
        await db.execute(change, (await make_member(runtime, name)).id)
    assert await terms_notices.count_members(db) == 2
    await tell_members(runtime, await owner(runtime), DAY, {})
    await make_member(runtime, "later")
    await house.mails()
    assert [day.told for day in await terms_notices.list_days(db)] == [2]


async def test_what_members_were_told_of_stays(house: Site) -> None:
    runtime, me = house.runtime, await owner(house.runtime)
    await write_terms(runtime, me, DAY, "en", "# Other terms")
    await tell_members(runtime, me, DAY, {})
    with pytest.raises(Invalid, match="members were told"):
        await write_terms(runtime, me, DAY, "en", "# Others")
    await remove_terms(runtime, me, DAY, "en")
    kept = {terms.language: terms for terms in await instance_texts.list_all_terms(runtime.db)}
    assert (kept["en"].markdown, kept["en"].is_told) == ("# Other terms", True)


async def test_nobody_is_told_of_what_does_not_or_no_longer_hold(house: Site) -> None:
    runtime, me = house.runtime, await owner(house.runtime)
    for day in (date(2001, 1, 1), date(2002, 1, 1)):
        await instance_texts.put_terms(runtime.db, day, "en", "# Old")
    days = [day.day for day in await terms_notices.list_days(runtime.db)]
    assert days == [DAY, date(2002, 1, 1)]
    for day in (date(2001, 1, 1), date(2199, 1, 1)):
        with pytest.raises(NotFound):
            await tell_members(runtime, me, day, {})
    for words in ({"en": "x" * (tell_of_terms.LONGEST + 1)}, {"nl": "\x00"}):
        with pytest.raises(Invalid):
            await tell_members(runtime, me, DAY, words)


async def test_without_a_mail_server_nobody_is_told(settings: Settings) -> None:
    async with site(settings, sends_mail=False) as house:
        await instance_texts.put_terms(house.runtime.db, DAY, "en", "# Terms")
        me = (await make_member(house.runtime, role="owner")).id
        with pytest.raises(Invalid, match="no mail"):
            await tell_members(house.runtime, me, DAY, {})
        assert [day.asked_at for day in await terms_notices.list_days(house.runtime.db)] == [None]
