from datetime import UTC, datetime

from server.runtime import Runtime
from server.store import accounts, favourites, follows, remote_accounts, status_writes
from server.store.account_views import get_account_view
from server.store.status_views import get_status_view
from server.store.status_writes import NewStatus
from server.store.statuses import get_status
from tests.makers import make_member, make_remote, make_status


async def test_reading_again_changes_the_row_and_keeps_its_id(runtime: Runtime) -> None:
    first = await make_remote(runtime, display_name="old")
    again = await make_remote(runtime, display_name="new")
    assert (again.id, again.display_name) == (first.id, "new")
    found = await accounts.find_by_handle(runtime.db, "REMY", "Far.Example")
    assert found is not None
    assert found.id == first.id


async def test_a_key_of_somebody_else_is_not_taken_over(runtime: Runtime) -> None:
    key = ("https://far.example/users/remy#key", "first PEM")
    await make_remote(runtime, key=key)
    await make_remote(runtime, "eve", key=(key[0], "eve's PEM"))
    assert await runtime.db.fetchval(
        "SELECT public_pem FROM actor_keys WHERE uri = $1", key[0]
    ) == ("first PEM")


async def test_who_leaves_is_counted_nowhere_any_more(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    status = await make_status(runtime, anna)
    await follows.insert_follow(runtime.db, remy.id, anna.id, None)
    await follows.insert_follow(runtime.db, anna.id, remy.id, None)
    await favourites.insert_favourite(runtime.db, remy.id, status, None)
    now = datetime.now(UTC)
    original = await get_status(runtime.db, status)
    await status_writes.insert_boost(runtime.db, remy.id, original, f"{remy.uri}/b", now)
    answer = NewStatus(
        account_id=remy.id,
        uri=f"{remy.uri}/1",
        local=False,
        visibility="public",
        content="",
        created_at=now,
        in_reply_to_id=status,
    )
    theirs = await status_writes.insert_status(runtime.db, answer)
    assert theirs is not None
    await status_writes.count_status(runtime.db, theirs)
    await status_writes.insert_boost(runtime.db, anna.id, theirs, "http://localhost:3000/x/", now)
    before = await get_status_view(runtime.db, status)
    assert (before.replies_count, before.boosts_count, before.favourites_count) == (1, 1, 1)
    await remote_accounts.delete_remote_account(runtime.db, remy.id)
    after = await get_status_view(runtime.db, status)
    assert (after.replies_count, after.boosts_count, after.favourites_count) == (0, 0, 0)
    view = await get_account_view(runtime.db, anna.id)
    assert (view.followers_count, view.following_count, view.statuses_count) == (0, 0, 1)


async def test_a_member_is_never_deleted_as_a_remote_account(runtime: Runtime) -> None:
    anna = await make_member(runtime)
    await remote_accounts.delete_remote_account(runtime.db, anna.id)
    assert await accounts.find_account(runtime.db, anna.id) == anna
