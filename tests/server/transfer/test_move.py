from typing import Any

import pytest

from server.actions import block, follow, mute
from server.errors import Invalid
from server.remote.actors import fetch_account
from server.runtime import Runtime
from server.store import accounts, follows, lists, moves, relationships
from server.store.accounts import Account
from server.store.pages import Page
from server.transfer import move
from tests.makers import make_member, make_remote, outgoing, run_jobs, take
from tests.neighbour import Neighbour, neighbour

WISHES: dict[str, Any] = {"show_boosts": False, "notify_posts": True, "languages": ["nl"]}


async def ties(runtime: Runtime, who: Account, *others: Account) -> list[tuple[bool, bool]]:
    """(follows, asks) for each of the others."""
    found = await relationships.load_relationships(runtime.db, who.id, [o.id for o in others])
    return [(one.following, one.requested) for one in found]


async def elsewhere(runtime: Runtime, home: Neighbour, name: str, **more: object) -> Account:
    return await fetch_account(runtime, home.actor(name, **more))


async def say_moved(runtime: Runtime, source: Account, target: str) -> str | None:
    return await take(runtime, "Move", source, source.uri, target=target)


async def test_followers_come_along_with_their_wishes(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    mover, target = await make_member(runtime, "mover"), await make_member(runtime, "target")
    await move.add_alias(runtime, target.id, "mover")
    await follow.follow_account(runtime, anna.id, mover.id, **WISHES)
    await follow.follow_account(runtime, target.id, mover.id, **WISHES)
    listed = await lists.insert_list(runtime.db, anna.id, "work", "list", exclusive=False)
    await lists.add_accounts(runtime.db, anna.id, listed.id, [mover.id])
    await move.move_away(runtime, mover.id, "@target@localhost:3000")
    await run_jobs(runtime)
    assert await ties(runtime, anna, mover, target) == [(False, False), (True, False)]
    found = await follows.find(runtime.db, "follows", anna.id, target.id)
    assert found
    assert (found.show_boosts, found.notify, found.languages) == (False, True, ["nl"])
    assert await lists.member_page(runtime.db, listed.id, Page(9)) == [target.id]
    assert (await accounts.get_account(runtime.db, mover.id)).moved_to_id == target.id
    assert await ties(runtime, ben, target) == [(False, False)]
    done = await moves.find_last(runtime.db, mover.id)
    assert done
    assert await moves.count_companions(runtime.db, done.id) == {"came": 1, "stays": 1}


async def test_what_members_decided_holds_for_the_new_account(runtime: Runtime) -> None:
    anna, ben, carl, dora = [
        await make_member(runtime, name, locale="nl" if name == "ben" else "en")
        for name in ("anna", "ben", "carl", "dora")
    ]
    mover, target = await make_member(runtime, "mover"), await make_member(runtime, "target")
    await move.add_alias(runtime, target.id, "mover")
    await block.block_account(runtime, anna.id, mover.id)
    await mute.mute_account(runtime, ben.id, mover.id, hide_notifications=False, duration_seconds=0)
    await relationships.set_note(runtime.db, carl.id, mover.id, "a colleague")
    await mute.mute_account(runtime, dora.id, mover.id, hide_notifications=True, duration_seconds=0)
    await follow.follow_account(runtime, dora.id, target.id, **WISHES)
    done = await move.move_away(runtime, mover.id, "target")
    await run_jobs(runtime)
    await move.bring_followers_job(runtime, done.id, 0)  # a job may run twice
    seen = [
        (await relationships.load_relationships(runtime.db, who.id, [target.id]))[0]
        for who in (anna, ben, carl, dora)
    ]
    assert [(one.blocking, one.muting, one.muting_notifications) for one in seen] == [
        (True, False, False),
        (False, True, False),
        (False, False, False),
        (False, False, False),
    ]
    assert [one.note for one in seen] == [
        "This user moved from mover, which you had blocked.",
        "Deze gebruiker is verhuisd vanaf mover; dat account had je genegeerd.",
        "This user moved from mover, here were your previous notes about them:\na colleague",
        "",
    ]


async def test_only_whom_the_target_names_may_move_there(runtime: Runtime) -> None:
    anna = await make_member(runtime, "anna")
    with neighbour() as home:
        there = f"bob@{home.domain}"
        bob = await elsewhere(runtime, home, "bob")
        for handle, text in (
            (there, "is not an alias"),
            ("anna", "cannot be current"),
            ("nobody", "not be found"),
            ("x@127.0.0.1:1", "not be found"),
            ("", "not be found"),
        ):
            with pytest.raises(Invalid, match=text):
                await move.move_away(runtime, anna.id, handle)
        # What it says is asked for now, whatever was known before.
        home.documents["/users/bob"]["alsoKnownAs"] = [anna.uri]
        remy = await make_remote(runtime)
        await follows.insert_follow(runtime.db, remy.id, anna.id, None)
        await move.move_away(runtime, anna.id, there)
        [sent] = [one for one in await outgoing(runtime) if one["type"] == "Move"]
        assert (sent["actor"], sent["object"], sent["target"]) == (anna.uri, anna.uri, bob.uri)
        await run_jobs(runtime)
        update = [one for one in await outgoing(runtime) if one["type"] == "Update"][-1]
        assert update["object"]["movedTo"] == bob.uri
        await move.stay(runtime, anna.id)
        with pytest.raises(Invalid, match="cooldown"):
            await move.move_away(runtime, anna.id, there)
        await move.redirect(runtime, anna.id, there)
        with pytest.raises(Invalid, match="already moved"):
            await move.redirect(runtime, anna.id, there)


async def test_members_follow_whom_they_followed_elsewhere(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    with neighbour() as home:
        old = await elsewhere(runtime, home, "old")
        new_uri = home.actor("new", alsoKnownAs=[old.uri])
        await follows.insert_follow(runtime.db, anna.id, old.id, f"{anna.uri}#1")
        await follows.insert_follow(runtime.db, ben.id, old.id, f"{ben.uri}#1")
        await follow.remove_follower(runtime, old.id, ben.id)
        for _ in range(2):
            assert await say_moved(runtime, old, new_uri) is None
        new = await accounts.find_by_uri(runtime.db, new_uri)
        assert new
        # Until the new account accepts, the old follow stands: nobody is lost in between.
        assert await ties(runtime, anna, old, new) == [(True, False), (False, True)]
        asked = await follows.find(runtime.db, "follow_requests", anna.id, new.id)
        assert asked
        await take(runtime, "Accept", new, asked.uri)
        assert await ties(runtime, anna, old, new) == [(False, False), (True, False)]
        assert await ties(runtime, ben, old, new) == [(False, False), (False, False)]


async def test_a_move_that_nobody_confirms_changes_nothing(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    with neighbour() as home, neighbour() as other:
        old = await elsewhere(runtime, home, "old")
        thief = await elsewhere(runtime, other, "thief")
        named = home.actor("new", alsoKnownAs=[old.uri])
        await follows.insert_follow(runtime.db, anna.id, old.id, None)
        await say_moved(runtime, old, home.actor("stranger"))
        await say_moved(runtime, old, ben.uri)  # ours, and does not name it
        await say_moved(runtime, old, f"{home.origin}/users/nobody")
        await take(runtime, "Move", thief, old.uri, target=named)  # another one's account
        await say_moved(runtime, old, old.uri)
        await run_jobs(runtime)
        assert await ties(runtime, anna, old) == [(True, False)]
        assert await runtime.db.fetchval("SELECT count(*) FROM moves") == 0
        assert await runtime.db.fetchval("SELECT count(*) FROM follow_requests") == 0


async def test_somebody_moves_here(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    with neighbour() as home:
        old = await elsewhere(runtime, home, "old")
        await follows.insert_follow(runtime.db, ben.id, old.id, None)
        await move.add_alias(runtime, anna.id, f"old@{home.domain}")
        await say_moved(runtime, old, anna.uri)
    assert await ties(runtime, ben, old, anna) == [(False, False), (True, False)]
    [arrival] = await moves.list_arrivals(runtime.db, anna.id)
    assert await moves.count_companions(runtime.db, arrival.id) == {"came": 1}


async def test_it_goes_on_where_it_stopped(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    mover, target = await make_member(runtime, "mover"), await make_member(runtime, "target")
    await move.add_alias(runtime, target.id, "mover")
    for name in ("anna", "ben", "carl"):
        member = await make_member(runtime, name)
        await follow.follow_account(runtime, member.id, mover.id, **WISHES)
    monkeypatch.setattr(move, "_BATCH", 2)
    await move.move_away(runtime, mover.id, "target")
    await run_jobs(runtime)
    found = await follows.follower_page(runtime.db, target.id, Page(9))
    assert len(found) == 3
