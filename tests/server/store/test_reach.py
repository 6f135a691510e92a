"""Whom a new status concerns."""

import pytest

from server.actions.boost import boost_status
from server.actions.drafts import Draft
from server.actions.post import publish_status
from server.runtime import Runtime
from server.store import follows, timelines
from server.store.feeds import add_home_entries
from server.store.pages import Page
from server.store.reach import Reach
from tests.makers import make_member, make_remote, make_status


async def leaves(runtime: Runtime, status_id: int) -> bool:
    return (await add_home_entries(runtime.db, status_id)).leaves


async def test_what_stays_among_members_is_with_them_at_once_and_sets_no_job_off(
    runtime: Runtime,
) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    await make_remote(runtime)
    await follows.insert_follow(runtime.db, ben.id, anna.id, None, notify=True)
    named = await publish_status(runtime, anna.id, Draft("@ben hello"), None, None)
    plain = await publish_status(runtime, anna.id, Draft("hello"), None, None)
    boost = await boost_status(runtime, anna.id, named)
    assert (await timelines.home_page(runtime.db, ben.id, Page(40))).ids == [plain, named]
    kinds = await runtime.db.fetch("SELECT type FROM notifications ORDER BY id")
    assert [row["type"] for row in kinds] == ["mention", "status"]
    assert await add_home_entries(runtime.db, named) == Reach([ben.id], [], False, False)
    assert await add_home_entries(runtime.db, plain) == Reach([], [ben.id], False, False)
    assert not await leaves(runtime, boost)
    assert await runtime.db.fetchval("SELECT count(*) FROM jobs") == 0


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
async def test_followers_elsewhere_get_what_is_for_them(runtime: Runtime, visibility: str) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    await follows.insert_follow(runtime.db, remy.id, anna.id, None)
    assert await leaves(runtime, await make_status(runtime, anna, visibility=visibility))
    assert not await leaves(runtime, await make_status(runtime, anna, visibility="direct"))
    assert not await leaves(runtime, await make_status(runtime, anna, local_only=True))
    assert await runtime.db.fetchval("SELECT count(*) FROM deliveries") == 1


async def test_one_person_elsewhere_is_enough(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    named = await make_status(runtime, anna, f"@{remy.acct} hello", visibility="direct")
    assert await leaves(runtime, named)
