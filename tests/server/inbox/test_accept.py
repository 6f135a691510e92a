import pytest

from server.actions.follow import follow_account
from server.runtime import Runtime
from server.store import follows, timelines
from server.store.accounts import Account
from server.store.pages import Page
from tests.makers import make_member, make_remote, take


@pytest.fixture
async def anna(runtime: Runtime) -> Account:
    return await make_member(runtime)


@pytest.fixture
async def remy(runtime: Runtime) -> Account:
    return await make_remote(runtime)


async def ask(runtime: Runtime, who: Account, whom: Account) -> str:
    """Ask to follow; gives the Follow's id."""
    await follow_account(
        runtime, who.id, whom.id, show_boosts=False, notify_posts=True, languages=["nl"]
    )
    asked = await follows.find(runtime.db, "follow_requests", who.id, whom.id)
    assert asked
    assert asked.uri
    return asked.uri


async def state(runtime: Runtime, who: Account, whom: Account) -> tuple[bool, bool]:
    """(follows, asks)"""
    found = [
        await follows.find(runtime.db, t, who.id, whom.id) for t in ("follows", "follow_requests")
    ]
    return found[0] is not None, found[1] is not None


async def test_granted_as_it_was_asked(runtime: Runtime, anna: Account, remy: Account) -> None:
    uri = await ask(runtime, anna, remy)
    for _ in range(2):
        assert await take(runtime, "Accept", remy, uri) is None
    assert await state(runtime, anna, remy) == (True, False)
    found = await follows.find(runtime.db, "follows", anna.id, remy.id)
    assert found
    assert (found.show_boosts, found.notify, found.languages) == (False, True, ["nl"])


async def test_an_embedded_follow_of_another_id_is_understood(
    runtime: Runtime, anna: Account, remy: Account
) -> None:
    await ask(runtime, anna, remy)
    inner = {"type": "Follow", "id": "https://far.example/x", "actor": anna.uri, "object": remy.uri}
    await take(runtime, "Accept", remy, inner)
    assert await state(runtime, anna, remy) == (True, False)


async def test_nobody_grants_or_ends_for_another(
    runtime: Runtime, anna: Account, remy: Account
) -> None:
    eve = await make_remote(runtime, "eve")
    uri = await ask(runtime, anna, remy)
    inner = {"type": "Follow", "actor": anna.uri, "object": remy.uri}
    for what in (uri, inner):
        for kind in ("Accept", "Reject"):
            await take(runtime, kind, eve, what)
            assert await state(runtime, anna, remy) == (False, True)


async def test_refused_at_once_or_later(runtime: Runtime, anna: Account, remy: Account) -> None:
    uri = await ask(runtime, anna, remy)
    await take(runtime, "Reject", remy, uri)
    assert await state(runtime, anna, remy) == (False, False)
    uri = await ask(runtime, anna, remy)
    await take(runtime, "Accept", remy, uri)
    note = {
        "type": "Note",
        "id": f"{remy.uri}/1",
        "attributedTo": remy.uri,
        "content": "hallo",
        "contentMap": {"nl": "hallo"},
        "to": [f"{remy.uri}/followers"],
    }
    await take(runtime, "Create", remy, note)
    assert len((await timelines.home_page(runtime.db, anna.id, Page(5))).ids) == 1
    await take(runtime, "Reject", remy, uri)
    assert await state(runtime, anna, remy) == (False, False)
    assert (await timelines.home_page(runtime.db, anna.id, Page(5))).ids == []


async def test_who_never_asked_follows_nobody(
    runtime: Runtime, anna: Account, remy: Account
) -> None:
    inner = {"type": "Follow", "actor": anna.uri, "object": remy.uri}
    await take(runtime, "Accept", remy, inner)
    await take(runtime, "Accept", remy, {"type": "Follow", "actor": ["x"], "object": 5})
    assert await state(runtime, anna, remy) == (False, False)


@pytest.mark.parametrize("shape", ["whole", "by id"])
async def test_an_answer_that_is_taken_back(
    runtime: Runtime, anna: Account, remy: Account, shape: str
) -> None:
    eve = await make_remote(runtime, "eve")
    uri = await ask(runtime, anna, remy)
    follow = {"type": "Follow", "actor": anna.uri, "object": remy.uri}
    accept = {"type": "Accept", "object": uri if shape == "by id" else follow}
    await take(runtime, "Accept", remy, accept["object"])
    await take(runtime, "Undo", eve, {**accept, "actor": eve.uri})
    assert await state(runtime, anna, remy) == (True, False)
    await take(runtime, "Undo", remy, {**accept, "actor": remy.uri})
    assert await state(runtime, anna, remy) == (False, True)
    asked = await follows.find(runtime.db, "follow_requests", anna.id, remy.id)
    assert asked
    assert (asked.uri, asked.show_boosts, asked.languages) == (uri, False, ["nl"])
