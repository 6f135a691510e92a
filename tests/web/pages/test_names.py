"""Lists of names, without an app."""

import re

import httpx
import pytest

from server.runtime import Runtime
from server.store.accounts import Account
from tests.forms import hidden, proof
from tests.makers import make_member, make_remote, make_status, outgoing, run_jobs

HTML = {"Accept": "text/html", "Accept-Language": "en"}


async def send(client: httpx.AsyncClient, path: str, **values: str) -> httpx.Response:
    return await client.post(path, data={"csrf": proof(client), **values}, headers=HTML)


async def names(client: httpx.AsyncClient, path: str, kind: str) -> list[str]:
    """What stands on a list."""
    page = (await client.get(path, headers=HTML)).text
    part = page[page.index(f'<h2 id="{kind}">') :].partition("</section>")[0]
    return re.findall(r'name="name" value="([^"]+)">', part)


@pytest.mark.parametrize("kind", ["featured", "followed"])
async def test_hashtags_come_and_go(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account, kind: str
) -> None:
    path = "/settings/hashtags"
    for name in ("#Dijken", "BLÅHAJ"):
        assert (await send(client, path, list=kind, name=name)).status_code == 303
    assert sorted(await names(client, path, kind)) == ["BLÅHAJ", "Dijken"]
    for wrong in ("", "two words", "<b>", "1"):
        page = await send(client, path, list=kind, name=wrong)
        assert page.status_code == 422
        assert "This is no hashtag." in page.text
    assert 'value="1" required' in page.text
    assert 'aria-invalid="true" aria-describedby="problem"' in page.text
    assert (await send(client, path, list=kind, name="Dijken", do="remove")).status_code == 303
    assert await names(client, path, kind) == ["BLÅHAJ"]
    sent = [one["type"] for one in await outgoing(runtime)]
    assert sent == (["Add", "Add", "Remove"] if kind == "featured" else [])


async def test_domains_are_blocked_and_unblocked(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    path = "/settings/domains"
    remy = await make_remote(runtime)
    await runtime.db.execute(
        "INSERT INTO follows (account_id, target_id) VALUES ($1, $2)", remy.id, nora.id
    )
    await send(client, path, list="blocked", name="@Far.Example/")
    assert await names(client, path, "blocked") == ["far.example"]
    await run_jobs(runtime)
    assert await runtime.db.fetchval("SELECT count(*) FROM follows") == 0
    wrong = await send(client, path, list="blocked", name="no domain")
    assert (wrong.status_code, "This is no domain." in wrong.text) == (422, True)
    await send(client, path, list="blocked", name="far.example", do="remove")
    assert await names(client, path, "blocked") == []


async def test_languages_of_public_timelines_come_and_go(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    path = "/settings/languages"
    assert "None yet: you see posts in all languages." in (await client.get(path)).text
    for code in ("nl", "fy", "nl"):
        assert (await send(client, path, list="chosen", name=code)).status_code == 303
    assert await names(client, path, "chosen") == ["nl", "fy"]
    page = (await client.get(path, headers=HTML)).text
    assert "<span>Western Frisian</span>" in page
    assert 'aria-label="Take off: Dutch"' in page
    assert '<option value="nl">' not in page, "it is chosen already"
    assert '<option value="de">German' in page
    wrong = await send(client, path, list="chosen", name="xx")
    assert (wrong.status_code, "Choose the language." in wrong.text) == (422, True)
    assert '<select id="new-chosen" name="name" required aria-invalid="true"' in wrong.text
    await send(client, path, list="chosen", name="nl", do="remove")
    assert await names(client, path, "chosen") == ["fy"]
    await make_status(runtime, await make_member(runtime), "in English")
    home = (await client.get("/", headers=HTML)).text
    assert '<a href="/settings/languages">Western Frisian</a>' in home
    assert "Nothing has been posted in these in public yet." in home


async def test_a_page_changes_its_own_lists_alone(client: httpx.AsyncClient, nora: Account) -> None:
    assert (await send(client, "/settings/domains", list="followed", name="a")).status_code == 422
    forged = await client.post("/settings/hashtags", data={"list": "followed", "name": "a"})
    assert forged.status_code == 403
    assert await names(client, "/settings/hashtags", "followed") == []


async def test_a_hashtag_is_followed_where_it_is_met(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    await make_status(runtime, await make_member(runtime), "high #WaterPeil")
    path = "/tags/waterpeil"
    for button, do in (("Follow it", "add"), ("Follow it no longer", "remove")):
        page = (await client.get(path, headers=HTML)).text
        assert "<h1>#WaterPeil</h1>" in page
        assert f'value="{do}" class="plain">{button}</button>' in page
        form = hidden(page) | {"do": do}
        answer = await client.post("/settings/hashtags", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, path)
    answer = await client.post("/settings/hashtags", data=form | {"next": "//evil.example"})
    assert answer.headers["location"] == "/"
    client.cookies.clear()
    assert "<form" not in (await client.get(path, headers=HTML)).text
