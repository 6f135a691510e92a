from collections.abc import Iterator

import pytest

from server.runtime import Runtime
from server.store import link_trends
from server.store.local_accounts import set_suspended
from tests.makers import make_member, make_status
from tests.queries import count_queries
from tests.website import Website, website


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as found:
        yield found


async def trending(runtime: Runtime) -> list[str]:
    await link_trends.refresh(runtime.db)
    return await listed(runtime)


async def listed(runtime: Runtime) -> list[str]:
    found = await link_trends.list_trends(runtime.db, 0, 20, by_default=True)
    return [trend.card.title for trend in found]


async def test_a_link_trends_when_several_people_post_it_in_public(
    site: Website, runtime: Runtime
) -> None:
    people = [await make_member(runtime, f"m{n}") for n in range(4)]
    urls = [site.page(f"/{n}", f"<title>{n}</title>") for n in range(6)]
    for member in people[:3]:
        await make_status(runtime, member, urls[0])
    for member in people[:2]:
        await make_status(runtime, member, urls[1])
        await make_status(runtime, member, urls[1])
        await make_status(runtime, member, urls[2], visibility="unlisted")
        await make_status(runtime, member, urls[3], sensitive=True)
        await make_status(runtime, people[3], urls[4])
        await make_status(runtime, member, urls[5], local_only=True)
    async with runtime.db.acquire() as db, db.transaction():  # all of one day, whenever this runs
        await db.execute("UPDATE statuses SET created_at = now()")
        await link_trends.refresh(db)
    assert await listed(runtime) == ["0", "1"]
    trend = (await link_trends.list_trends(runtime.db, 1, 1, by_default=True))[0]
    assert [(day["accounts"], day["uses"]) for day in trend.history] == [(2, 4), *[(0, 0)] * 6]
    days = [day["day"] for day in trend.history]
    assert all(day % 86400 == 0 for day in days)
    assert [days[0] - day for day in days] == [n * 86400 for n in range(7)]
    await set_suspended(runtime.db, people[0].id, is_suspended=True)
    assert await trending(runtime) == ["0"]


async def test_a_boost_counts_and_what_is_old_does_not(site: Website, runtime: Runtime) -> None:
    from server.actions.boost import boost_status

    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    status = await make_status(runtime, anna, site.page("/a", "<title>a</title>"))
    assert await trending(runtime) == []
    await boost_status(runtime, ben.id, status)
    assert await trending(runtime) == ["a"]
    await runtime.db.execute("UPDATE statuses SET created_at = now() - interval '4 days'")
    assert await trending(runtime) == []


async def test_links_to_one_page_count_together_and_show_it(
    site: Website, runtime: Runtime
) -> None:
    from server.store.pages import Page

    url = site.page("/a", "<title>a</title>")
    site.put("/short", b"", status=301, Location="/a")
    ids = []
    for name, link in (("anna", f"{site.origin}/short"), ("ben", url)):
        member = await make_member(runtime, name)
        await runtime.db.execute("UPDATE accounts SET discoverable = true")
        ids.append(await make_status(runtime, member, link))
    assert await trending(runtime) == ["a"]
    [trend] = await link_trends.list_trends(runtime.db, 0, 5, by_default=True)
    assert trend.card.url == url
    card_id = await link_trends.find_trending(runtime.db, url, by_default=True)
    assert card_id
    assert (
        await link_trends.timeline_page(runtime.db, card_id, None, Page(9), ours=True, others=True)
        == ids[::-1]
    )
    assert (
        await link_trends.find_trending(runtime.db, f"{site.origin}/short", by_default=True) is None
    )


async def test_many_trends_cost_as_many_queries_as_one(site: Website, runtime: Runtime) -> None:
    people = [await make_member(runtime, name) for name in ("anna", "ben")]
    for n in range(5):
        url = site.page(f"/{n}", f"<title>{n}</title>")
        for member in people:
            await make_status(runtime, member, url)
    await link_trends.refresh(runtime.db)
    with count_queries() as one:
        await link_trends.list_trends(runtime.db, 0, 1, by_default=True)
    with count_queries() as many:
        assert len(await link_trends.list_trends(runtime.db, 0, 20, by_default=True)) == 5
    assert len(one) == len(many)
