from server.runtime import Runtime
from server.store import follows
from server.store.account_views import get_account_view
from server.store.local_accounts import set_suspended
from server.store.pages import Page
from tests.makers import make_member, make_remote


async def test_the_latest_id_counts_and_a_change_is_not_new(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    assert await follows.insert_follow(runtime.db, remy.id, anna.id, "https://far.example/1")
    assert not await follows.insert_follow(runtime.db, remy.id, anna.id, "https://far.example/2")
    assert not await follows.insert_follow(runtime.db, remy.id, anna.id, None, show_boosts=False)
    found = await follows.find_by_uri(runtime.db, "follows", "https://far.example/2")
    assert found is not None
    assert (found.account_id, found.show_boosts) == (remy.id, False)
    assert await follows.find_by_uri(runtime.db, "follows", "https://far.example/1") is None
    assert (await get_account_view(runtime.db, anna.id)).followers_count == 1


async def test_a_follow_ends_its_request(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    await follows.insert_request(runtime.db, remy.id, anna.id, "https://far.example/1")
    assert await follows.count_requests(runtime.db, anna.id) == 1
    assert (await get_account_view(runtime.db, anna.id)).followers_count == 0
    await follows.insert_follow(runtime.db, remy.id, anna.id, None)
    assert await follows.count_requests(runtime.db, anna.id) == 0


async def test_what_does_not_exist_ends_without_a_count(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    await follows.insert_follow(runtime.db, ben.id, anna.id, None)
    assert await follows.delete_follow(runtime.db, anna.id, ben.id) is None
    assert await follows.delete_request(runtime.db, anna.id, ben.id) is None
    assert (await get_account_view(runtime.db, anna.id)).followers_count == 1


async def test_the_suspended_are_not_listed(runtime: Runtime) -> None:
    anna = await make_member(runtime, "anna")
    others = [await make_member(runtime, name) for name in ("ben", "carl")]
    for other in others:
        await follows.insert_follow(runtime.db, other.id, anna.id, None)
    await set_suspended(runtime.db, others[1].id, is_suspended=True)
    listed = await follows.follower_page(runtime.db, anna.id, Page(10))
    assert [who for _, who in listed] == [others[0].id]
