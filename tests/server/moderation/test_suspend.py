import asyncio

import pytest

from server.errors import Forbidden, Invalid
from server.identity.barriers import check_sign_up
from server.moderation import suspend
from server.runtime import Runtime
from server.store import accounts, follows, relationships
from server.store.accounts import Account
from tests.makers import make_member, make_remote, make_status, outgoing, run_jobs
from tests.waiting import until_blocked


async def told(runtime: Runtime, member: Account) -> list[tuple[str, str, int, int]]:
    rows = await runtime.db.fetch(
        """
        SELECT s.type, s.target_name, s.followers_count, s.following_count
        FROM notifications n JOIN severances s ON s.id = n.severance_id
        WHERE n.account_id = $1 AND n.type = 'severed_relationships'
        """,
        member.id,
    )
    return [tuple(row) for row in rows]


async def test_members_are_told_whom_a_suspension_takes(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    carl = await make_member(runtime, "carl")
    remy = await make_remote(runtime)
    for who, whom in ((remy, anna), (anna, remy), (ben, remy)):
        await follows.insert_follow(runtime.db, who.id, whom.id, f"https://x.example/{who.id}")
    for _ in range(2):
        await suspend.suspend_account(runtime, remy.id)
    handle = "remy@far.example"
    assert await told(runtime, anna) == [("account_suspension", handle, 1, 1)]
    assert await told(runtime, ben) == [("account_suspension", handle, 0, 1)]
    assert await told(runtime, carl) == []
    # It would go on receiving what is for followers: it follows nobody here any more.
    assert await follows.find(runtime.db, "follows", remy.id, anna.id) is None
    [reject] = await outgoing(runtime)
    assert (reject["type"], reject["object"]["actor"]) == ("Reject", remy.uri)


async def test_one_of_ours_comes_back_with_everything(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    await follows.insert_follow(runtime.db, ben.id, anna.id, None)
    await follows.insert_follow(runtime.db, anna.id, ben.id, None)
    await suspend.suspend_account(runtime, ben.id)
    assert await told(runtime, anna) == [("account_suspension", "ben", 1, 1)]
    await suspend.unsuspend_account(runtime, ben.id)
    [found] = await relationships.load_relationships(runtime.db, anna.id, [ben.id])
    assert (found.following, found.followed_by) == (True, True)


async def test_after_thirty_days_it_is_too_late(runtime: Runtime) -> None:
    ben = await make_member(runtime, "ben")
    await make_status(runtime, ben, "mine")
    await suspend.suspend_account(runtime, ben.id)
    await suspend.erase_due(runtime)
    assert (await accounts.get_account(runtime.db, ben.id)).erased_at is None
    await runtime.db.execute("UPDATE suspensions SET erase_at = now()")
    await suspend.erase_due(runtime)
    await run_jobs(runtime)
    assert (await accounts.get_account(runtime.db, ben.id)).erased_at is not None
    assert await runtime.db.fetchval("SELECT count(*) FROM statuses") == 0
    with pytest.raises(Forbidden):
        await suspend.unsuspend_account(runtime, ben.id)


async def test_an_address_of_somebody_suspended_signs_up_to_nothing(runtime: Runtime) -> None:
    ben = await make_member(runtime, "ben")
    await suspend.suspend_account(runtime, ben.id)
    with pytest.raises(Invalid, match="has already been taken"):
        await check_sign_up(runtime.db, "B.en+2@example.org", "10.0.0.1")
    await suspend.unsuspend_account(runtime, ben.id)
    assert await check_sign_up(runtime.db, "B.en+2@example.org", "10.0.0.1") is False


async def test_who_is_being_brought_back_is_not_erased(runtime: Runtime) -> None:
    ben = await make_member(runtime, "ben")
    await suspend.suspend_account(runtime, ben.id)
    suspended = await accounts.get_account(runtime.db, ben.id)
    await runtime.db.execute("UPDATE suspensions SET erase_at = now()")
    async with runtime.transaction() as tx:
        assert await suspend.unsuspend(tx, suspended)
        erasures = [
            asyncio.create_task(work)
            for work in (suspend.erase_due(runtime), suspend.erase_now(runtime, None, ben.id))
        ]
        await until_blocked(runtime.db, 2)
    await asyncio.gather(*erasures)
    found = await accounts.get_account(runtime.db, ben.id)
    assert (found.suspended_at, found.erased_at) == (None, None)


async def test_an_erasure_that_does_not_begin_stays_planned(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben = await make_member(runtime, "ben")
    await suspend.suspend_account(runtime, ben.id)

    async def end_here(*_: object, **__: object) -> None:
        raise OSError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(suspend, "erase_account", end_here)
        with pytest.raises(OSError, match="away"):
            await suspend.erase_now(runtime, None, ben.id)
    await runtime.db.execute("UPDATE suspensions SET erase_at = now()")
    await suspend.erase_due(runtime)
    assert (await accounts.get_account(runtime.db, ben.id)).erased_at
