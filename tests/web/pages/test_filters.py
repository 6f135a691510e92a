"""Filters without an app."""

from typing import Any

import httpx

from server.actions.filters import FilterChange, create_filter
from server.runtime import Runtime
from server.store import filters
from server.store.accounts import Account
from server.store.filters import Filter, KeywordChange
from tests.forms import proof

HTML = {"Accept": "text/html", "Accept-Language": "en"}
PATH = "/settings/filters"


async def of(runtime: Runtime, account: Account) -> list[Filter]:
    return await filters.list_filters(runtime.db, [account.id])


async def send(client: httpx.AsyncClient, path: str, **form: Any) -> httpx.Response:
    data = {"csrf": proof(client), **form}
    return await client.post(path, data=data, headers=HTML)


async def test_a_filter_is_made_changed_and_deleted(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    form = {
        "title": "Rain",
        "keywords": "rain\r\n  wet <b> \n\nrain",
        "whole_word": "true",
        "contexts[]": ["home", "thread"],
        "filter_action": "hide",
        "seconds": "86400",
    }
    assert (await send(client, PATH, **form)).status_code == 303
    [made] = await of(runtime, nora)
    assert (made.title, made.contexts, made.action) == ("Rain", ["home", "thread"], "hide")
    assert [(k.keyword, k.whole_word) for k in made.keywords] == [("rain", True), ("wet <b>", True)]
    assert made.expires_at
    listed = (await client.get(PATH, headers=HTML)).text
    assert "Not shown at all: rain, wet &lt;b&gt;" in listed
    shown = (await client.get(f"{PATH}/{made.id}", headers=HTML)).text
    assert "rain\nwet &lt;b&gt;</textarea>" in shown
    form |= {"keywords": "rain\nsnow", "seconds": "", "filter_action": "warn"}
    assert (await send(client, f"{PATH}/{made.id}", **form)).status_code == 303
    [changed] = await of(runtime, nora)
    assert [(k.id, k.keyword) for k in changed.keywords] == [
        (made.keywords[0].id, "rain"),
        (changed.keywords[1].id, "snow"),
    ]
    assert (changed.action, changed.expires_at) == ("warn", made.expires_at)
    await send(client, f"{PATH}/{made.id}", **form | {"seconds": "0"})
    assert (await of(runtime, nora))[0].expires_at is None
    assert (await send(client, f"{PATH}/{made.id}/delete")).status_code == 303
    assert await of(runtime, nora) == []


async def test_what_is_missing_is_told_and_the_rest_kept(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    page = await send(client, PATH, title="Rain", keywords="rain")
    assert page.status_code == 422
    assert "Choose where it counts." in page.text
    assert 'value="Rain"' in page.text
    assert "rain</textarea>" in page.text
    page = await send(client, PATH, title=" ", **{"contexts[]": "home"})
    assert "Give it a name." in page.text
    assert await of(runtime, nora) == []


async def test_words_that_differ_stay_so(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    words = [KeywordChange(None, "rain", True, False), KeywordChange(None, "wet", False, False)]
    change = FilterChange(title="Rain", contexts=["home"], keywords=words)
    made = await create_filter(runtime, nora.id, change)
    form: dict[str, Any] = {"title": "Rain", "keywords": "rain\nwet", "contexts[]": "home"}
    for ticked, expected in ((None, [True, False]), ("true", [True, True])):
        more = {"whole_word": ticked} if ticked else {}
        await send(client, f"{PATH}/{made.id}", **form, **more)
        assert [k.whole_word for k in (await of(runtime, nora))[0].keywords] == expected
