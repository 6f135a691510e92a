"""What is undone is found also when little is told of it."""

from server.runtime import Runtime
from server.store import follows
from tests.makers import make_member, make_remote, take


async def test_a_follow_of_which_its_undoing_tells_no_type(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    follow = {"id": f"{remy.uri}/follows/1", "object": anna.uri}
    await take(runtime, "Follow", remy, anna.uri, id=follow["id"])
    assert await follows.find(runtime.db, "follows", remy.id, anna.id)
    assert await take(runtime, "Undo", remy, follow) is None
    assert await follows.find(runtime.db, "follows", remy.id, anna.id) is None
