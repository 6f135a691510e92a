import pytest

from server.fanout.notifications import notify
from server.runtime import Runtime
from server.store import mutes, notifications, threads
from server.store.notification_policies import Policy, put_policy
from server.store.pages import Page
from server.store.statuses import get_status
from tests.makers import make_member, make_remote, make_status


async def told(runtime: Runtime, account_id: int) -> list[str]:
    rows = await notifications.notification_page(runtime.db, account_id, Page(10))
    return [row.type for row in rows]


async def test_members_are_told_once_and_nobody_else(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    remy = await make_remote(runtime)
    for _ in range(2):
        async with runtime.transaction() as tx:
            await notify(tx, "follow", [anna.id, ben.id, remy.id], ben.id)
    assert (await told(runtime, anna.id), await told(runtime, ben.id)) == (["follow"], [])


async def test_who_is_muted_tells_nothing(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    await mutes.insert_mute(
        runtime.db, anna.id, ben.id, hide_notifications=True, duration_seconds=0
    )
    async with runtime.transaction() as tx:
        await notify(tx, "follow", [anna.id], ben.id)
    assert await told(runtime, anna.id) == []


async def test_a_muted_thread_is_quiet(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    status = await get_status(runtime.db, await make_status(runtime, anna))
    await threads.mute_thread(runtime.db, anna.id, status.thread_id)
    async with runtime.transaction() as tx:
        await notify(tx, "favourite", [anna.id], ben.id, status.id)
    assert await told(runtime, anna.id) == []


@pytest.mark.parametrize("role", ["member", "moderator"])
async def test_words_of_staff_reach_whoever_filters(runtime: Runtime, role: str) -> None:
    """Of those whose role stands above, is shown and looks after the house."""
    mo = await make_member(runtime, "mo", role=role)
    anna, olga = [
        await make_member(runtime, name, role=rank)
        for name, rank in (("anna", "member"), ("olga", "owner"))
    ]
    everything = Policy(*["drop"] * 6)
    status = await make_status(runtime, mo, visibility="direct")
    for one in (anna, olga):
        await put_policy(runtime.db, one.id, everything)
    async with runtime.transaction() as tx:
        await notify(tx, "mention", [anna.id, olga.id], mo.id, status)
        await notify(tx, "follow", [anna.id], mo.id)
    rows = await runtime.db.fetch("SELECT account_id, type, filtered FROM notifications")
    expected = [(anna.id, "mention", False)] if role == "moderator" else []
    assert [tuple(row) for row in rows] == expected
    await runtime.db.execute("UPDATE roles SET highlighted = false")
    async with runtime.transaction() as tx:
        await notify(tx, "mention", [anna.id], mo.id, await make_status(runtime, mo))
    assert await runtime.db.fetchval("SELECT count(*) FROM notifications") == len(expected)
