import pytest

from server.actions.follow import follow_account
from server.runtime import Runtime
from server.store import blocks, follows, notifications
from server.store.local_accounts import set_suspended
from server.store.pages import Page
from server.store.profiles import update_profile
from tests.makers import make_member, make_remote, outgoing, take


async def kinds(runtime: Runtime, account_id: int) -> list[str]:
    rows = await notifications.notification_page(runtime.db, account_id, Page(10))
    return [row.type for row in rows]


async def test_an_open_member_is_followed_and_says_so(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    for number in (1, 2):
        await take(runtime, "Follow", remy, anna.uri, id=f"{remy.uri}#follow/{number}")
    accepts = await outgoing(runtime)
    # Whoever asks twice has lost the first answer.
    assert [(a["type"], a["object"]["id"]) for a in accepts] == [
        ("Accept", f"{remy.uri}#follow/1"),
        ("Accept", f"{remy.uri}#follow/2"),
    ]
    assert await kinds(runtime, anna.id) == ["follow"]


async def test_who_asked_a_locked_member_follows_when_it_opens(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    await update_profile(runtime.db, anna.id, {"locked": True})
    await take(runtime, "Follow", remy, anna.uri)
    assert await kinds(runtime, anna.id) == ["follow_request"]
    assert await outgoing(runtime) == []
    await update_profile(runtime.db, anna.id, {"locked": False})
    await take(runtime, "Follow", remy, anna.uri)
    assert await kinds(runtime, anna.id) == ["follow"]
    assert await follows.count_requests(runtime.db, anna.id) == 0


async def test_the_blocked_are_refused(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    await blocks.insert_block(runtime.db, anna.id, remy.id, None)
    await take(runtime, "Follow", remy, anna.uri)
    assert [a["type"] for a in await outgoing(runtime)] == ["Reject"]
    assert await follows.find(runtime.db, "follows", remy.id, anna.id) is None


@pytest.mark.parametrize("whom", ["suspended", "remote", "nobody"])
async def test_whom_nobody_follows_here(runtime: Runtime, whom: str) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    await set_suspended(runtime.db, anna.id, is_suspended=True)
    target = {"suspended": anna.uri, "remote": remy.uri, "nobody": "https://far.example/x"}[whom]
    await take(runtime, "Follow", remy, target)
    assert await runtime.db.fetchval("SELECT count(*) FROM follows") == 0
    assert await outgoing(runtime) == []


async def test_whom_moderators_have_silenced_asks(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    carl = await make_member(runtime, "carl")
    await runtime.db.execute("UPDATE accounts SET silenced_at = now() WHERE id <> $1", anna.id)
    await take(runtime, "Follow", remy, anna.uri)
    await follow_account(
        runtime, carl.id, anna.id, show_boosts=True, notify_posts=False, languages=None
    )
    assert await follows.count_requests(runtime.db, anna.id) == 2
    assert await runtime.db.fetchval("SELECT count(*) FROM follows") == 0
    assert await outgoing(runtime) == []
