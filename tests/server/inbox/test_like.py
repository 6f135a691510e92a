from server.runtime import Runtime
from server.store.status_views import get_status_view
from tests.makers import make_member, make_remote, make_status, take


async def likes(runtime: Runtime, status: int) -> int:
    return (await get_status_view(runtime.db, status)).favourites_count


async def test_likes_come_go_and_come_again(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    status = await make_status(runtime, anna)
    uri = runtime.addresses.status_uri(status)
    for number in (1, 2):
        like = {
            "type": "Like",
            "id": f"{remy.uri}#likes/{number}",
            "actor": remy.uri,
            "object": uri,
        }
        await take(runtime, "Like", remy, uri, id=like["id"])
        assert await likes(runtime, status) == 1
        await take(runtime, "Undo", remy, like)
        assert await likes(runtime, status) == 0


async def test_an_undo_that_comes_first_keeps_the_like_away(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    status = await make_status(runtime, anna)
    uri = runtime.addresses.status_uri(status)
    like = {"type": "Like", "id": f"{remy.uri}#likes/1", "actor": remy.uri, "object": uri}
    await take(runtime, "Undo", remy, like)
    await take(runtime, "Like", remy, uri, id=like["id"])
    assert await likes(runtime, status) == 0


async def test_what_one_may_not_see_one_does_not_like(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    status = await make_status(runtime, anna, visibility="private")
    await take(runtime, "Like", remy, runtime.addresses.status_uri(status))
    await take(runtime, "Like", remy, "https://far.example/nothing")
    assert await likes(runtime, status) == 0
