from server.fanout.notifications import notify
from server.runtime import Runtime
from server.store import mutes, notifications, threads
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
