from datetime import UTC, datetime

from server.actions import look_back
from server.runtime import Runtime
from server.store import annual_reports
from server.store.accounts import Account
from server.store.annual_reports import Posted
from server.store.follows import insert_follow
from server.store.status_writes import NewStatus, insert_status
from tests.makers import make_member, run_jobs

# A year that does not end while this runs.
MAY = datetime(2025, 5, 31, 23, 59, 59, tzinfo=UTC)
DECEMBER = datetime(2025, 12, 12, tzinfo=UTC)


async def make_post(runtime: Runtime, author: Account, at: datetime, *tags: str) -> int:
    """A public post of that moment."""
    new = NewStatus(
        account_id=author.id,
        uri=f"{runtime.settings.origin}/ap/statuses/",
        local=True,
        visibility="public",
        content="",
        created_at=at,
        tags=[(tag, tag) for tag in tags],
    )
    status = await insert_status(runtime.db, new)
    assert status
    return status.id


def test_one_looks_back_in_december() -> None:
    assert look_back.campaign_year(datetime(2026, 12, 9, tzinfo=UTC)) is None
    assert look_back.campaign_year(datetime(2026, 12, 10, tzinfo=UTC)) == 2026
    assert look_back.campaign_year(datetime(2027, 1, 1, tzinfo=UTC)) is None


def test_who_posts_how() -> None:
    assert look_back.archetype(Posted(1, 1, 1, 0)) == "lurker"
    assert look_back.archetype(Posted(40, 10, 90, 0)) == "booster"
    assert look_back.archetype(Posted(100, 10, 90, 11)) == "pollster"
    assert look_back.archetype(Posted(40, 90, 10, 1)) == "replier"
    assert look_back.archetype(Posted(120, 90, 10, 1)) == "oracle"


async def test_a_year_is_looked_back_on(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")

    async def state(year: int, at: datetime = DECEMBER) -> str:
        return await look_back.state_of_report(runtime, anna.id, year, at)

    assert await state(2025) == "ineligible"  # nothing was posted
    liked = await make_post(runtime, anna, MAY, "tea")
    boosted = await make_post(runtime, anna, MAY, "tea", "soup")
    await insert_follow(runtime.db, ben.id, anna.id, None)
    await runtime.db.execute("UPDATE follows SET id = id_at($1)", MAY)
    for name, status_id in (("favourites_count", liked), ("boosts_count", boosted)):
        await runtime.db.execute(
            f"UPDATE status_stats SET {name} = 3 WHERE status_id = $1", status_id
        )
    assert [await state(2025), await state(2024)] == ["eligible", "ineligible"]
    assert not await look_back.request_report(runtime, anna.id, 2024, DECEMBER)
    for _ in range(2):
        assert await look_back.request_report(runtime, anna.id, 2025, DECEMBER)
    assert await state(2025) == "generating"
    await run_jobs(runtime)
    assert not await look_back.request_report(runtime, anna.id, 2025, DECEMBER)
    # It stays to be looked at when the month is over.
    assert await state(2025, datetime(2026, 5, 1, tzinfo=UTC)) == "available"
    [report] = await annual_reports.list_unread(runtime.db, anna.id)
    data = report.data
    assert data["archetype"] == "lurker"
    assert data["top_statuses"] == {
        "by_reblogs": str(boosted),
        "by_favourites": str(liked),
        "by_replies": None,
    }
    assert data["top_hashtags"] == [{"name": "tea", "count": 2}]
    _, may, june = data["time_series"][3:6]
    assert (may["statuses"], may["followers"], may["following"]) == (2, 1, 0)
    assert (june["statuses"], june["followers"], june["following"]) == (0, 0, 0)
    assert len(data["time_series"]) == 12
    await annual_reports.mark_read(runtime.db, anna.id, 2025)
    assert await annual_reports.list_unread(runtime.db, anna.id) == []
