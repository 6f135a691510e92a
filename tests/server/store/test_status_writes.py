"""Statuses as they come in any order and go, with everything that counts them."""

from datetime import UTC, datetime
from typing import Any

from server.runtime import Runtime
from server.store import status_views, status_writes, statuses, threads
from server.store.accounts import Account
from server.store.status_writes import NewStatus, insert_boost, insert_status
from server.store.statuses import Status
from tests.makers import make_member, make_remote, make_status


def note(author: Account, number: int, **more: Any) -> NewStatus:
    values = {
        "account_id": author.id,
        "uri": f"{author.uri}/{number}",
        "local": False,
        "visibility": "public",
        "content": f"<p>{number}</p>",
        "created_at": datetime.now(UTC),
    }
    return NewStatus(**{**values, **more})


async def put(runtime: Runtime, new: NewStatus) -> Status:
    found = await insert_status(runtime.db, new)
    assert found is not None
    await status_writes.count_status(runtime.db, found)
    return found


async def replies(runtime: Runtime, status: Status) -> int:
    return (await status_views.get_status_view(runtime.db, status.id)).replies_count


async def test_the_same_id_comes_once(runtime: Runtime) -> None:
    remy = await make_remote(runtime)
    await put(runtime, note(remy, 1))
    assert await insert_status(runtime.db, note(remy, 1)) is None
    row = await runtime.db.fetchrow("SELECT * FROM account_stats WHERE account_id = $1", remy.id)
    assert row["statuses_count"] == 1


async def test_an_answer_before_its_parent_finds_its_place(runtime: Runtime) -> None:
    remy = await make_remote(runtime)
    child = await put(runtime, note(remy, 2, in_reply_to_uri=f"{remy.uri}/1"))
    grandchild = await put(runtime, note(remy, 3, in_reply_to_id=child.id))
    parent = await put(runtime, note(remy, 1))
    for _ in range(2):
        await statuses.adopt_children(runtime.db, parent)
        assert await replies(runtime, parent) == 1
    assert await replies(runtime, child) == 1
    for status in (child, grandchild):
        assert (await statuses.get_status(runtime.db, status.id)).thread_id == parent.thread_id
    below = await threads.list_descendants(runtime.db, parent.id, None, 10, 10)
    assert below == [child.id, grandchild.id]


async def test_a_parent_adopts_the_thread_of_a_child(runtime: Runtime) -> None:
    remy = await make_remote(runtime)
    parent = await put(runtime, note(remy, 1))
    child = await put(runtime, note(remy, 2, in_reply_to_uri=f"{remy.uri}/another-name-of-1"))
    grandchild = await put(runtime, note(remy, 3, in_reply_to_id=child.id))
    for _ in range(2):
        await statuses.adopt_parent(runtime.db, child.id, parent)
        assert await replies(runtime, parent) == 1
    for status in (child, grandchild):
        assert (await statuses.get_status(runtime.db, status.id)).thread_id == parent.thread_id


async def test_a_boost_comes_once_and_counts_once(runtime: Runtime) -> None:
    remy, anna = await make_remote(runtime), await make_member(runtime)
    original = await statuses.get_status(runtime.db, await make_status(runtime, anna))
    now = datetime.now(UTC)
    first = await insert_boost(runtime.db, remy.id, original, f"{remy.uri}/boost", now)
    assert first is not None
    assert await insert_boost(runtime.db, remy.id, original, f"{remy.uri}/other", now) is None
    view = await status_views.get_status_view(runtime.db, original.id)
    assert view.boosts_count == 1
    await status_writes.delete_status(runtime.db, first, remy.uri)
    view = await status_views.get_status_view(runtime.db, original.id)
    assert view.boosts_count == 0


async def test_a_deleted_answer_is_counted_no_more_and_its_answers_stay(runtime: Runtime) -> None:
    anna = await make_member(runtime)
    root = await make_status(runtime, anna, "root")
    middle = await make_status(runtime, anna, "middle", in_reply_to_id=root)
    leaf = await make_status(runtime, anna, "leaf", in_reply_to_id=middle)
    status = await statuses.get_status(runtime.db, middle)
    await status_writes.delete_status(runtime.db, status, anna.uri)
    assert await replies(runtime, await statuses.get_status(runtime.db, root)) == 0
    assert (await statuses.get_status(runtime.db, leaf)).in_reply_to_id is None
