import pytest

from server.actions import block, follow
from server.errors import Forbidden, NotFound
from server.runtime import Runtime
from server.store import follows, relationships
from server.store.account_views import load_account_views
from server.store.accounts import Account
from tests.makers import make_member, make_remote, outgoing


async def start(runtime: Runtime, who: Account, whom: Account) -> None:
    await follow.follow_account(
        runtime, who.id, whom.id, show_boosts=True, notify_posts=False, languages=None
    )


async def counts(runtime: Runtime, *accounts: Account) -> list[tuple[int, int]]:
    views = await load_account_views(runtime.db, [a.id for a in accounts])
    return [(views[a.id].following_count, views[a.id].followers_count) for a in accounts]


async def test_follow_twice_unfollow_twice(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    for _ in range(2):
        await start(runtime, anna, ben)
        assert await counts(runtime, anna, ben) == [(1, 0), (0, 1)]
    for _ in range(2):
        await follow.unfollow_account(runtime, anna.id, ben.id)
        assert await counts(runtime, anna, ben) == [(0, 0), (0, 0)]


async def test_who_waits_for_an_answer_asks_once_whatever_else_they_wish(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime, "anna"), await make_remote(runtime)
    await start(runtime, anna, remy)
    await follow.follow_account(
        runtime, anna.id, remy.id, show_boosts=False, notify_posts=True, languages=["nl"]
    )
    assert [activity["type"] for activity in await outgoing(runtime)] == ["Follow"]
    [seen] = await relationships.load_relationships(runtime.db, anna.id, [remy.id])
    assert (seen.requested, seen.following) == (True, False)
    request = await follows.find(runtime.db, "follow_requests", anna.id, remy.id)
    assert request is not None
    assert (request.show_boosts, request.notify, request.languages) == (False, True, ["nl"])
    await follow.unfollow_account(runtime, anna.id, remy.id)
    await start(runtime, anna, remy)
    kinds = [activity["type"] for activity in await outgoing(runtime)]
    assert kinds == ["Follow", "Undo", "Follow"]


async def test_a_block_ends_both_follows_and_stands_in_the_way(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    await start(runtime, anna, ben)
    await start(runtime, ben, anna)
    await block.block_account(runtime, anna.id, ben.id)
    assert await counts(runtime, anna, ben) == [(0, 0), (0, 0)]
    for who, whom in ((anna, ben), (ben, anna)):
        with pytest.raises(Forbidden):
            await start(runtime, who, whom)
    [seen] = await relationships.load_relationships(runtime.db, ben.id, [anna.id])
    assert (seen.blocked_by, seen.blocking) == (True, False)


async def test_whom_nobody_can_follow(runtime: Runtime) -> None:
    anna = await make_member(runtime, "anna")
    with pytest.raises(Forbidden):
        await start(runtime, anna, anna)
    with pytest.raises(NotFound):
        await follow.accept_request(runtime, anna.id, anna.id)
