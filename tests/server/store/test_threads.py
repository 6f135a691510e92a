import pytest

from server.runtime import Runtime
from server.store import blocks, statuses, threads
from tests.makers import make_member, make_status


async def test_what_is_not_for_the_viewer_is_left_out_of_both_ways(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    root = await make_status(runtime, anna, "root")
    secret = await make_status(runtime, anna, "secret", in_reply_to_id=root, visibility="private")
    leaf = await make_status(runtime, anna, "leaf", in_reply_to_id=secret)
    other = await make_status(runtime, ben, "other", in_reply_to_id=root)
    for viewer, above, below in (
        (anna.id, [root, secret], [secret, leaf, other]),
        (ben.id, [root], [leaf, other]),
        (None, [root], [leaf, other]),
    ):
        assert await threads.list_ancestors(runtime.db, leaf, viewer, 40) == above
        assert await threads.list_descendants(runtime.db, root, viewer, 40, 20) == below
    await blocks.insert_block(runtime.db, anna.id, ben.id, None)
    assert await threads.list_descendants(runtime.db, root, anna.id, 40, 20) == [secret, leaf]
    assert await threads.list_ancestors(runtime.db, other, ben.id, 40) == []


async def test_length_and_depth_are_bounded(runtime: Runtime) -> None:
    anna = await make_member(runtime)
    ids = [await make_status(runtime, anna, "0")]
    for number in range(1, 5):
        ids.append(await make_status(runtime, anna, f"{number}", in_reply_to_id=ids[-1]))
    assert await threads.list_ancestors(runtime.db, ids[4], None, 2) == ids[2:4]
    assert await threads.list_descendants(runtime.db, ids[0], None, 2, 20) == ids[1:3]
    assert await threads.list_descendants(runtime.db, ids[0], None, 20, 3) == ids[1:4]


@pytest.mark.parametrize("length", [1, 2, 3])
async def test_posts_that_answer_each_other_in_a_ring_stand_in_a_thread_once(
    runtime: Runtime, length: int
) -> None:
    """Others name what they answer before that is known, and so can close a ring."""
    anna = await make_member(runtime)
    ids = [await make_status(runtime, anna, "0")]
    for number in range(1, length):
        ids.append(await make_status(runtime, anna, f"{number}", in_reply_to_id=ids[-1]))
    last = await statuses.get_status(runtime.db, ids[-1])
    await statuses.adopt_parent(runtime.db, ids[0], last)
    assert await threads.list_ancestors(runtime.db, ids[-1], None, 4096) == ids[:-1]
    assert await threads.list_descendants(runtime.db, ids[-1], None, 4096, 4096) == ids[:-1]
