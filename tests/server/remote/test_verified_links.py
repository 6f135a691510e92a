"""rel=me: pages in profile fields that belong to the same person."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.remote.actors import fetch_account
from server.remote.verified_links import enqueue_due, verify_links_job
from server.runtime import Runtime
from server.store.accounts import get_account
from tests.makers import Api, run_jobs
from tests.neighbour import neighbour
from tests.website import Website, website

PATH = "/api/v1/accounts/update_credentials"
SECOND = timedelta(seconds=1)
ME = '<a rel="me" href="http://localhost:3000/@anna">me</a>'


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as found:
        yield found


async def save(api: Api, *values: str) -> list[Any]:
    fields = [{"name": f"{n}", "value": value} for n, value in enumerate(values)]
    answer = await api("PATCH", PATH, json={"fields_attributes": fields})
    return [field["verified_at"] for field in answer.json()["fields"]]


async def shown(api: Api) -> list[Any]:
    me = await api.get("/api/v1/accounts/verify_credentials")
    assert [f["verified_at"] for f in me["fields"]] == [
        f["verified_at"] for f in me["source"]["fields"]
    ]
    return [field["verified_at"] for field in me["fields"]]


async def test_a_page_that_leads_back_is_verified(
    site: Website, runtime: Runtime, anna: Api
) -> None:
    mine, other = site.page("/mine", "", ME), site.page("/other", "", "<a href=x>")
    assert await save(anna, mine, other, "text", f"{site.origin}/away") == [None] * 4
    await run_jobs(runtime)
    first = await shown(anna)
    assert first[0].endswith("Z")
    assert first[1:] == [None] * 3
    asked = sorted(site.asked)
    assert asked == ["/away", "/mine", "/other"]
    # What stays the same stays verified, also in another row.
    assert await save(anna, "text", mine) == [None, first[0]]
    await run_jobs(runtime)
    assert sorted(site.asked) == asked


async def test_links_are_checked_again_after_a_week(
    site: Website, runtime: Runtime, anna: Api
) -> None:
    mine = site.page("/mine", ME.replace("<a", "<link"))
    await save(anna, mine)
    await run_jobs(runtime)
    await enqueue_due(runtime)
    await run_jobs(runtime)
    assert site.asked == ["/mine"]

    async def a_week_later() -> list[Any]:
        await runtime.db.execute("UPDATE link_checks SET checked_at = now() - interval '8 days'")
        await enqueue_due(runtime)
        await run_jobs(runtime)
        return await shown(anna)

    [verified] = await a_week_later()
    assert verified
    site.put("/mine", b"", status=503)
    assert await a_week_later() == [verified]
    site.page("/mine", "", "no more")
    assert await a_week_later() == [None]
    await save(anna, "text")
    assert await runtime.db.fetchval("SELECT count(*) FROM link_checks") == 0


async def test_others_are_checked_alike(site: Website, runtime: Runtime) -> None:
    with neighbour() as home:
        link = f"{site.origin}/bob"
        value = f'<a href="{link}" rel="me">{link}</a>'
        field = {"type": "PropertyValue", "name": "Site", "value": value}
        uri = home.actor("bob", attachment=[field], url=f"{home.origin}/@bob")
        site.page("/bob", "", f'<a rel="me" href="{home.origin}/@bob">x</a>')
        before = datetime.now(UTC)
        bob = await fetch_account(runtime, uri)
        run_at = await runtime.db.fetchval("SELECT run_at FROM jobs WHERE name = 'verify_links'")
        assert before + SECOND <= run_at < datetime.now(UTC) + timedelta(minutes=1)
        await runtime.db.execute("UPDATE jobs SET run_at = now()")
        await run_jobs(runtime)
        [proved] = (await get_account(runtime.db, bob.id)).fields
        assert proved["verified_at"]
        await fetch_account(runtime, uri)
        assert (await get_account(runtime.db, bob.id)).fields == [proved]
        await runtime.db.execute("UPDATE jobs SET run_at = now()")
        await run_jobs(runtime)
        assert site.asked == ["/bob"]


async def test_a_field_that_changed_meanwhile_is_not_touched(
    site: Website, runtime: Runtime, anna: Api
) -> None:
    from server.store import verified_links

    await save(anna, "one")
    account_id = await runtime.db.fetchval("SELECT id FROM accounts WHERE username = 'anna'")
    await verified_links.set_verified(runtime.db, account_id, {"two": "2026-01-01T00:00:00Z"})
    assert await shown(anna) == [None]
    await verify_links_job(runtime, 1)


async def test_our_links_say_that_they_are_the_member_s_own(anna: Api, stranger: Api) -> None:
    await save(anna, "https://anna.example")
    page = await stranger("GET", "/@anna", headers={"Accept": "text/html"})
    assert 'rel="nofollow noopener me"' in page.text
    accept = {"Accept": "application/activity+json"}
    [field] = (await stranger("GET", "/@anna", headers=accept)).json()["attachment"]
    assert field["type"] == "PropertyValue"
    assert ' me" ' in field["value"]


async def test_nobody_has_the_proofs_of_another_whose_page_they_name(
    site: Website, runtime: Runtime
) -> None:
    with neighbour() as home:
        page = site.page("/of-bob", f'<a rel="me" href="{site.origin}/@bob">me</a>')
        field = {"type": "PropertyValue", "name": "site", "value": f'<a href="{page}">{page}</a>'}
        uri = home.actor("eve", attachment=[field], url="https://bobs.example/@bob")
        eve = await fetch_account(runtime, uri)
        assert eve.url is None
        await runtime.db.execute("UPDATE accounts SET url = $1", f"{site.origin}/@bob")
        await verify_links_job(runtime, eve.id)
        assert (await get_account(runtime.db, eve.id)).fields[0]["verified_at"] is None
    assert site.asked == ["/of-bob"]


async def test_a_site_that_leads_on_proves_nothing(
    site: Website, runtime: Runtime, anna: Api
) -> None:
    mine = site.page("/mine", ME)
    site.put("/moved", b"", status=302, Location=mine)
    out = f"{site.origin}/moved"
    elsewhere = out.replace("127.0.0.1", "localhost")
    await save(anna, out, elsewhere)
    await run_jobs(runtime)
    verified = await shown(anna)
    assert verified[0]
    assert verified[1] is None
    assert site.asked == ["/moved", "/mine"] * 2
