"""Filters are taken along and brought, as Mastodon 4.6 writes them."""

from typing import Any

import httpx
import orjson
import pytest

from server.actions.filters import FilterChange, create_filter, filter_status
from server.runtime import Runtime
from server.store import filters, imports
from server.store.accounts import Account
from server.store.filters import KeywordChange
from tests.makers import make_status, run_jobs
from tests.web.pages.test_transfer import press, upload

FILE = "/settings/exports/custom_filters.json"


async def bring(
    client: httpx.AsyncClient, runtime: Runtime, rows: list[dict[str, Any]], **more: str
) -> str:
    """Upload and confirm; gives the page of the import."""
    answer = await upload(client, "custom_filters", orjson.dumps({"custom_filters": rows}), **more)
    assert answer.status_code == 303, answer.text
    place = answer.headers["location"]
    await press(client, place, "/confirm")
    await run_jobs(runtime)
    return place


async def test_what_was_taken_along_is_brought_again(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    post = await make_status(runtime, nora, "rain again")
    words = [KeywordChange(None, "rain", True, False), KeywordChange(None, "wet", False, False)]
    made = await create_filter(
        runtime,
        nora.id,
        FilterChange(title="Rain", contexts=["home"], action="hide", keywords=words),
    )
    await filter_status(runtime, nora.id, made.id, post)
    assert "custom_filters.json" in (await client.get("/settings/export")).text
    answer = await client.get(FILE)
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "custom_filters": [
            {
                "title": "Rain",
                "context": ["home"],
                "action": "hide",
                "expires_at": None,
                "keywords_attributes": [
                    {"keyword": "rain", "whole_word": True},
                    {"keyword": "wet", "whole_word": False},
                ],
                "statuses": [runtime.addresses.status_uri(post)],
            }
        ]
    }
    # Brought to where it is already it changes nothing, to where it is not it is the same.
    rows = answer.json()["custom_filters"]
    for _ in range(2):
        await bring(client, runtime, rows)
        assert (await client.get(FILE)).json() == {"custom_filters": rows}
    await filters.delete_filter(runtime.db, nora.id, made.id)
    await bring(client, runtime, rows)
    assert (await client.get(FILE)).json() == {"custom_filters": rows}


async def test_what_the_file_does_not_name_goes_only_when_it_is_to(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    await create_filter(runtime, nora.id, FilterChange(title="Old", contexts=["home"]))
    rows = [{"title": "New", "context": ["home"]}]

    async def titles() -> set[str]:
        return {one.title for one in await filters.list_filters(runtime.db, [nora.id])}

    await bring(client, runtime, rows)
    assert await titles() == {"Old", "New"}
    await bring(client, runtime, rows, mode="overwrite")
    assert await titles() == {"New"}


async def test_others_are_not_asked_for_posts_without_end(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    post = runtime.addresses.status_uri(await make_status(runtime, nora, "rain again"))
    missing = [runtime.addresses.status_uri(number) for number in range(500)]
    rows = [{"title": "Rain", "context": ["home"], "statuses": [*missing, post]}]
    await bring(client, runtime, rows)
    assert (await client.get(FILE)).json()["custom_filters"][0]["statuses"] == []


async def test_what_cannot_be_is_counted_as_failed(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    rows = [
        {"title": "Good", "context": ["home"]},
        {"title": "Bad", "context": ["nowhere"]},
        {"title": "Half", "context": ["home"], "statuses": ["http://localhost:3000/ap/statuses/1"]},
    ]
    place = await bring(client, runtime, rows)
    found = await imports.get_import(runtime.db, int(place.rpartition("/")[2]), nora.id)
    assert (found.done, found.failed, found.state) == (3, 2, "finished")
    page = await client.get(place)
    assert "2 did not work." in page.text
    assert "failures.csv" not in page.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"custom_filters": []}',
        b'{"custom_filters": [{"title": 1}]}',
        b"\xff",
        b'{"custom_filters": [{"title": "\\u0000", "context": ["home"]}]}',
        orjson.dumps({"custom_filters": [{"title": "x", "context": ["home"]}] * 501}),
    ],
)
async def test_a_file_of_something_else_is_refused(
    client: httpx.AsyncClient, nora: Account, body: bytes
) -> None:
    answer = await upload(client, "custom_filters", body)
    assert answer.status_code == 422
    assert "does not hold" in answer.text
