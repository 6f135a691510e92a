from server.runtime import Runtime
from server.store import blocks, follows, statuses
from server.store.account_views import get_account_view
from tests.makers import make_member, make_remote, make_status, take


async def test_a_block_ends_follows_both_ways_until_it_is_undone(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    status = await make_status(runtime, anna)
    await follows.insert_follow(runtime.db, anna.id, remy.id, None)
    await follows.insert_follow(runtime.db, remy.id, anna.id, None)
    for _ in range(2):
        await take(runtime, "Block", remy, anna.uri)
    assert await blocks.is_blocked(runtime.db, remy.id, anna.id)
    view = await get_account_view(runtime.db, anna.id)
    assert (view.followers_count, view.following_count) == (0, 0)
    assert await statuses.list_visible(runtime.db, [status], remy.id) == [status]
    inner = {"type": "Block", "actor": remy.uri, "object": anna.uri}
    eve = await make_remote(runtime, "eve")
    await take(runtime, "Undo", eve, inner)
    assert await blocks.is_blocked(runtime.db, remy.id, anna.id)
    await take(runtime, "Undo", remy, inner)
    assert not await blocks.is_blocked(runtime.db, remy.id, anna.id)


async def test_only_members_can_be_blocked_from_there(runtime: Runtime) -> None:
    remy, eve = await make_remote(runtime), await make_remote(runtime, "eve")
    for target in (eve.uri, "https://far.example/nobody", f"{runtime.settings.origin}/ap/users/1"):
        await take(runtime, "Block", remy, target)
    assert await runtime.db.fetchval("SELECT count(*) FROM blocks") == 0
