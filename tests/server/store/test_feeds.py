import pytest

from server.actions.boost import boost_status
from server.runtime import Runtime
from server.store import feeds, follows, timelines
from server.store.accounts import Account
from server.store.pages import Page
from tests.makers import make_member, make_status, run_jobs


@pytest.fixture
async def pair(runtime: Runtime) -> tuple[Account, Account]:
    """Anna, who reads, and ben, who writes."""
    return await make_member(runtime, "anna"), await make_member(runtime, "ben")


async def home(runtime: Runtime, account: Account) -> list[int]:
    return (await timelines.home_page(runtime.db, account.id, Page(40))).ids


async def test_languages_are_chosen_by_the_follow(
    runtime: Runtime, pair: tuple[Account, Account]
) -> None:
    anna, ben = pair
    await follows.insert_follow(runtime.db, anna.id, ben.id, None, languages=["nl"])
    dutch = await make_status(runtime, ben, "hallo", language="nl")
    await make_status(runtime, ben, "hello", language="en")
    assert await home(runtime, anna) == [dutch]


async def test_twice_is_once(runtime: Runtime, pair: tuple[Account, Account]) -> None:
    anna, ben = pair
    await follows.insert_follow(runtime.db, anna.id, ben.id, None)
    status = await make_status(runtime, ben)
    await feeds.add_home_entries(runtime.db, status)
    await feeds.fill_home(runtime.db, anna.id, ben.id)
    assert await home(runtime, anna) == [status]


async def test_no_page_shows_a_post_twice(runtime: Runtime, pair: tuple[Account, Account]) -> None:
    anna, ben = pair
    carl = await make_member(runtime, "carl")
    old = await make_status(runtime, ben, "old")
    own = await boost_status(runtime, anna.id, old)
    await follows.insert_follow(runtime.db, anna.id, ben.id, None)
    await follows.insert_follow(runtime.db, anna.id, carl.id, None)
    await feeds.fill_home(runtime.db, anna.id, ben.id)
    new = await make_status(runtime, ben, "new")
    for booster in (anna, carl):
        for status in (old, new):
            await boost_status(runtime, booster.id, status)
    await run_jobs(runtime)
    assert await home(runtime, anna) == [new, own]


async def test_a_direct_post_is_in_the_home_of_whom_it_names_alone(
    runtime: Runtime, pair: tuple[Account, Account]
) -> None:
    anna, ben = pair
    carl = await make_member(runtime, "carl")
    for reader in (anna, carl):
        await follows.insert_follow(runtime.db, reader.id, ben.id, None)
    status = await make_status(runtime, ben, "@anna psst", visibility="direct")
    assert (await home(runtime, anna), await home(runtime, carl)) == ([status], [])


@pytest.mark.parametrize("table", ["mutes", "blocks"])
async def test_whom_one_cannot_stand_is_not_met_through_friends(
    runtime: Runtime, pair: tuple[Account, Account], table: str
) -> None:
    anna, ben = pair
    carl, dora = await make_member(runtime, "carl"), await make_member(runtime, "dora")
    await follows.insert_follow(runtime.db, anna.id, ben.id, None)
    await runtime.db.execute(
        f"INSERT INTO {table} (account_id, target_id) VALUES ($1, $2)", anna.id, carl.id
    )
    await make_status(runtime, ben, "@carl hello")
    naming = await make_status(runtime, dora, "@carl hello")
    other = await make_status(runtime, dora, "hello")
    for boosted in (naming, other):
        await boost_status(runtime, ben.id, boosted)
    await run_jobs(runtime)
    shown = await runtime.db.fetch(
        "SELECT shown_id FROM home_entries WHERE account_id = $1", anna.id
    )
    assert [row["shown_id"] for row in shown] == [other]


async def test_a_new_follow_brings_the_latest_but_no_answers_or_secrets(
    runtime: Runtime, pair: tuple[Account, Account]
) -> None:
    anna, ben = pair
    carl = await make_member(runtime, "carl")
    root = await make_status(runtime, carl, "root")
    posts = [await make_status(runtime, ben, f"{n}") for n in range(3)]
    await make_status(runtime, ben, "answer", in_reply_to_id=root)
    await make_status(runtime, ben, "@carl secret", visibility="direct")
    await follows.insert_follow(runtime.db, anna.id, ben.id, None)
    await feeds.fill_home(runtime.db, anna.id, ben.id, limit=2)
    assert await home(runtime, anna) == [posts[2], posts[1]]


async def test_emptied_feeds_keep_what_others_wrote(
    runtime: Runtime, pair: tuple[Account, Account]
) -> None:
    anna, ben = pair
    carl = await make_member(runtime, "carl")
    for writer in (ben, carl):
        await follows.insert_follow(runtime.db, anna.id, writer.id, None)
    await make_status(runtime, ben, "ben")
    kept = await make_status(runtime, carl, "carl")
    await feeds.empty_feeds(runtime.db, anna.id, ben.id)
    assert await home(runtime, anna) == [kept]
