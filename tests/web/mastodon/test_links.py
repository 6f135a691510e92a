from collections.abc import AsyncIterator
from typing import Any

import pytest

from server.runtime import Runtime
from server.settings import Settings
from server.store import chosen_languages, link_trends
from tests.makers import Api, id_of, make_member, make_status, run_jobs, served
from tests.website import website


@pytest.fixture
async def url(one_day: None, runtime: Runtime, anna: Api, ben: Api) -> AsyncIterator[str]:
    """A link that trends: anna, who is discoverable, posted it twice, ben once."""
    await anna("PATCH", "/api/v1/accounts/update_credentials", json={"discoverable": True})
    await ben("PATCH", "/api/v1/accounts/update_credentials", json={"discoverable": False})
    with website() as site:
        link = site.page("/a", "<title>Tea</title>")
        for api in (anna, ben, anna):
            await api.post("/api/v1/statuses", status=link)
        await run_jobs(runtime)
        await link_trends.refresh(runtime.db)
        yield link


async def test_trends_are_cards_with_a_history_as_text(url: str, stranger: Api) -> None:
    [trend] = await stranger.get("/api/v1/trends/links")
    assert (trend["url"], trend["title"], trend["type"]) == (url, "Tea", "link")
    assert len(trend["history"]) == 7
    assert trend["history"][0] | {"day": ""} == {"day": "", "accounts": "2", "uses": "3"}
    assert trend["history"][0]["day"].isdigit()
    assert await stranger.get("/api/v1/trends/links", offset=1) == []


async def test_trends_page_by_offset(url: str, stranger: Api) -> None:
    path = "/api/v1/trends/links"
    first = await stranger("GET", path, params={"limit": 1})
    assert first.headers["link"] == (f'<http://localhost:3000{path}?limit=1&offset=1>; rel="next"')
    second = await stranger("GET", path, params={"limit": 1, "offset": 1})
    assert second.headers["link"].endswith('limit=1&offset=0>; rel="prev"')
    assert await stranger.get(path, offset="9" * 5000) == []
    # Mastodon reads a number that is none as 0.
    assert await stranger.get(path, offset="x") == await stranger.get(path)
    assert (await stranger("GET", path, params={"offset": "-1"})).status_code == 400


async def test_posts_with_a_trending_link_by_people_who_want_to_be_found(
    url: str, runtime: Runtime, anna: Api, ben: Api, stranger: Api
) -> None:
    path = "/api/v1/timelines/link"
    for api in (stranger, ben):
        found = await api.get(path, url=url)
        assert [s["account"]["acct"] for s in found] == ["anna", "anna"]
        assert found[0]["card"]["title"] == "Tea"
    answer = await stranger("GET", path, params={"url": url, "limit": 1})
    assert 'rel="next"' in answer.headers["link"]
    older = await stranger.get(path, url=url, max_id=found[0]["id"])
    assert [s["id"] for s in older] == [found[1]["id"]]
    await ben.post(f"/api/v1/accounts/{found[0]['account']['id']}/mute")
    assert await ben.get(path, url=url) == []


async def test_links_and_posts_in_the_languages_that_one_has_chosen(
    url: str, runtime: Runtime, ben: Api
) -> None:
    """Of links those in others come later; of their posts they do not come at all."""
    await runtime.db.execute("UPDATE cards SET language = 'en'")
    await runtime.db.execute(
        """
        WITH other AS (
            INSERT INTO cards (url, page_url, type, title, language, is_usable)
            SELECT url || 'nl', page_url || 'nl', type, 'Thee', 'nl', true FROM cards RETURNING id)
        INSERT INTO link_trends (card_id, score, history) SELECT id, 0.1, '[]' FROM other
        """
    )
    path, timeline = "/api/v1/trends/links", "/api/v1/timelines/link"
    assert [trend["title"] for trend in await ben.get(path)] == ["Tea", "Thee"]
    await chosen_languages.put_chosen(runtime.db, int(await id_of(ben, "ben")), "nl")
    assert [trend["title"] for trend in await ben.get(path)] == ["Thee", "Tea"]
    assert await ben.get(timeline, url=url) == []
    await chosen_languages.put_chosen(runtime.db, int(await id_of(ben, "ben")), "en")
    assert len(await ben.get(timeline, url=url)) == 2


async def test_the_timeline_follows_the_settings(settings: Settings, url: str) -> None:
    """Nobody reads without signing in where that is not wanted; no part that is closed."""
    cases: list[tuple[dict[str, Any], int]] = [
        ({"timelines_link_local": "authenticated"}, 401),
        ({"require_sign_in": True}, 401),
        ({"timelines_link_local": "public", "timelines_link_remote": "public"}, 200),
    ]
    for changes, code in cases:
        async with served(settings, **changes) as other:
            answer = await other("GET", "/api/v1/timelines/link", params={"url": url})
            assert answer.status_code == code, changes


async def test_parts_of_the_timeline(url: str, stranger: Api) -> None:
    path = "/api/v1/timelines/link"
    assert len(await stranger.get(path, url=url, local="true")) == 2
    assert await stranger.get(path, url=url, remote="true") == []


async def test_a_link_that_does_not_trend_has_no_timeline(
    url: str, runtime: Runtime, stranger: Api
) -> None:
    await make_status(runtime, await make_member(runtime, "carl"), f"{url}x")
    for wrong in (f"{url}x", "", "x", "https://a.example/\u0001"):
        answer = await stranger("GET", "/api/v1/timelines/link", params={"url": wrong})
        assert (answer.status_code, set(answer.json())) == (404, {"error"})
    assert (await stranger("GET", "/api/v1/timelines/link?url=%00")).status_code == 400
