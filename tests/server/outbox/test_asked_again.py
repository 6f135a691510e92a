"""What waits for a host that is down is asked again before it goes out: may they still have it?"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

import pytest

from server.actions import delete_post, domain_rules, favourite, relays
from server.actions.block import block_account
from server.actions.block_domain import block_domain
from server.actions.drafts import Draft
from server.actions.edit_post import edit_status
from server.actions.follow import remove_follower
from server.moderation.suspend import suspend_account
from server.outbox.queue import asked_again
from server.remote.actors import find_or_fetch_account
from server.runtime import Runtime, open_runtime
from server.settings import Settings
from server.store import follows
from server.store.accounts import Account
from server.store.domain_rules import NewRule
from tests.makers import make_member, make_status, run_jobs, take
from tests.neighbour import Neighbour, neighbour
from tests.server.outbox.test_deliver import settle, waiting


@pytest.fixture
def home() -> Iterator[Neighbour]:
    """Another instance."""
    with neighbour() as home:
        yield home


async def anna_and_bob(runtime: Runtime, home: Neighbour) -> tuple[Account, Account]:
    """A member and a follower elsewhere."""
    anna = await make_member(runtime)
    bob = await find_or_fetch_account(runtime, home.actor("bob"))
    await follows.insert_follow(runtime.db, bob.id, anna.id, f"{bob.uri}#follow")
    return anna, bob


async def fail(runtime: Runtime, home: Neighbour) -> None:
    """The host is down: what waits is tried in vain."""
    home.answers["/users/bob/inbox"] = 503

    async def tried() -> bool:
        return not await runtime.db.fetchval("SELECT count(*) FROM deliveries WHERE attempts = 0")

    await settle(runtime, tried)
    home.received.clear()


async def recover(runtime: Runtime, home: Neighbour) -> list[str]:
    """The host is well again; gives the kinds of what arrives there."""
    home.answers.clear()
    await runtime.db.execute("UPDATE deliveries SET next_at = now(), claimed_until = NULL")
    await runtime.db.execute("DELETE FROM hosts")

    async def done() -> bool:
        return await waiting(runtime) == 0

    await settle(runtime, done)
    return [activity["type"] for activity in home.received]


async def leaves(runtime: Runtime, anna: Account, bob: Account) -> None:
    follow = {"id": f"{bob.uri}#follow", "type": "Follow", "actor": bob.uri, "object": anna.uri}
    await take(runtime, "Undo", bob, follow)


async def is_removed(runtime: Runtime, anna: Account, bob: Account) -> None:
    await remove_follower(runtime, anna.id, bob.id)


async def is_blocked(runtime: Runtime, anna: Account, bob: Account) -> None:
    await block_account(runtime, anna.id, bob.id)


async def blocks(runtime: Runtime, anna: Account, bob: Account) -> None:
    await take(runtime, "Block", bob, anna.uri)


async def is_of_blocked_domain(runtime: Runtime, anna: Account, bob: Account) -> None:
    await block_domain(runtime, anna.id, str(bob.domain))
    await run_jobs(runtime)


async def is_of_suspended_domain(runtime: Runtime, anna: Account, bob: Account) -> None:
    await domain_rules.block(runtime, None, str(bob.domain), NewRule("suspend"))


async def is_suspended(runtime: Runtime, anna: Account, bob: Account) -> None:
    await suspend_account(runtime, bob.id)


async def author_is_suspended(runtime: Runtime, anna: Account, bob: Account) -> None:
    await suspend_account(runtime, anna.id)
    await run_jobs(runtime)


async def nothing(runtime: Runtime, anna: Account, bob: Account) -> None:
    pass


Meanwhile = Callable[[Runtime, Account, Account], Awaitable[None]]


@pytest.mark.parametrize(
    ("meanwhile", "expected"),
    [
        (nothing, ["Create"]),
        (leaves, []),
        (is_removed, ["Reject"]),
        (is_blocked, ["Reject", "Block"]),
        (blocks, []),
        (is_of_blocked_domain, ["Reject"]),
        (is_of_suspended_domain, []),
        (is_suspended, ["Reject"]),
        (author_is_suspended, ["Update"]),
    ],
)
async def test_a_post_does_not_go_out_to_a_follower_who(
    runtime: Runtime, home: Neighbour, meanwhile: Meanwhile, expected: list[str]
) -> None:
    anna, bob = await anna_and_bob(runtime, home)
    await make_status(runtime, anna, "for followers", visibility="private")
    await fail(runtime, home)
    await meanwhile(runtime, anna, bob)
    assert await recover(runtime, home) == expected


@pytest.mark.parametrize(
    ("meanwhile", "expected"),
    [
        (leaves, ["Create"]),
        (is_blocked, ["Reject", "Block"]),
        (blocks, []),
        (is_of_blocked_domain, ["Reject"]),
        (is_of_suspended_domain, []),
    ],
)
async def test_nor_to_somebody_whom_it_names(
    runtime: Runtime, home: Neighbour, meanwhile: Meanwhile, expected: list[str]
) -> None:
    anna, bob = await anna_and_bob(runtime, home)
    await make_status(runtime, anna, f"hello @bob@{bob.domain}", visibility="direct")
    await fail(runtime, home)
    await meanwhile(runtime, anna, bob)
    assert await recover(runtime, home) == expected


async def test_one_follower_who_stays_is_enough(runtime: Runtime, home: Neighbour) -> None:
    anna, bob = await anna_and_bob(runtime, home)
    shared = {"endpoints": {"sharedInbox": f"{home.origin}/users/bob/inbox"}}
    other = await find_or_fetch_account(runtime, home.actor("ria", **shared))
    await follows.insert_follow(runtime.db, other.id, anna.id, None)
    await make_status(runtime, anna, visibility="private")
    await fail(runtime, home)
    await leaves(runtime, anna, bob)
    assert await recover(runtime, home) == ["Create"]


async def test_an_edit_goes_to_those_who_have_the_post_alone(
    runtime: Runtime, home: Neighbour
) -> None:
    anna, bob = await anna_and_bob(runtime, home)
    status = await make_status(runtime, anna, "first", visibility="private")
    await recover(runtime, home)
    await edit_status(runtime, anna.id, status, Draft("second"))
    await run_jobs(runtime)
    await fail(runtime, home)
    unseen = await make_status(runtime, anna, "third", visibility="private")
    await edit_status(runtime, anna.id, unseen, Draft("fourth"))
    await run_jobs(runtime)
    await leaves(runtime, anna, bob)
    assert await recover(runtime, home) == ["Update"]
    assert home.received[0]["object"]["content"] == "<p>second</p>"
    # Whether it arrived after all, without an answer, nobody knows.
    await delete_post.delete_status(runtime, anna.id, unseen, delete_media=False)
    assert await recover(runtime, home) == ["Update", "Delete"]


async def test_an_edit_does_not_overtake_the_asking(runtime: Runtime, home: Neighbour) -> None:
    anna, bob = await anna_and_bob(runtime, home)
    status = await make_status(runtime, anna, "first", visibility="private")
    await fail(runtime, home)
    await edit_status(runtime, anna.id, status, Draft("second"))
    await run_jobs(runtime)
    await leaves(runtime, anna, bob)
    home.answers.clear()
    await runtime.db.execute("DELETE FROM hosts")

    async def asked() -> bool:
        return await waiting(runtime) == 1  # the post itself, later

    await settle(runtime, asked)
    assert home.received == []


async def test_what_takes_something_back_goes_to_a_suspended_domain_too(
    runtime: Runtime, home: Neighbour
) -> None:
    anna, bob = await anna_and_bob(runtime, home)
    await follows.insert_follow(runtime.db, anna.id, bob.id, None)
    await take(runtime, "Create", bob, home.note(bob.uri, "1"))
    theirs = await runtime.db.fetchval("SELECT id FROM statuses")
    await favourite.favourite_status(runtime, anna.id, theirs)
    await recover(runtime, home)
    await favourite.undo_favourite(runtime, anna.id, theirs)
    await is_of_suspended_domain(runtime, anna, bob)
    assert await recover(runtime, home) == ["Like", "Undo"]


async def test_a_host_that_is_not_on_the_list(runtime: Runtime, home: Neighbour) -> None:
    anna, _ = await anna_and_bob(runtime, home)
    await make_status(runtime, anna, "hello")
    strict: Settings = replace(runtime.settings, federation_mode="allow-list")
    async with open_runtime(strict) as alone:
        assert await recover(alone, home) == []
        await domain_rules.allow(alone, None, home.domain)
        await make_status(alone, anna, "hello")
        assert await recover(alone, home) == ["Create"]


async def test_a_relay_that_was_left(runtime: Runtime, home: Neighbour) -> None:
    anna = await make_member(runtime)
    address = f"{home.origin}/inbox"
    await relays.subscribe(runtime, None, address)
    assert await recover(runtime, home) == ["Follow"]
    await runtime.db.execute("UPDATE relays SET state = 'accepted'")
    await make_status(runtime, anna, "hello")
    await relays.unsubscribe(runtime, None, address)
    assert await recover(runtime, home) == ["Follow", "Undo"]


@pytest.mark.parametrize(
    ("kind", "subject", "asks"),
    [
        *(
            (kind, "https://far.example/1", "nothing")
            for kind in ("Delete", "Undo", "Block", "Reject", "Remove", "Flag")
        ),
        ("Move", "https://here.example/anna", "host"),
        ("Update", {"id": "https://here.example/anna"}, "host"),
        ("Update", {"id": "https://here.example/anna/1"}, "readers"),
        *(
            (kind, "https://far.example/1", "people")
            for kind in ("Create", "Announce", "Like", "EmojiReact", "Follow", "Accept", "Add")
        ),
    ],
)
def test_what_is_asked(kind: str, subject: object, asks: str) -> None:
    activity = {"type": kind, "actor": "https://here.example/anna", "object": subject}
    assert asked_again(activity) == asks
