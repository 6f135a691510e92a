"""Strangers say that a post is gone: its origin decides, as far as it tells us."""

import pytest

from federation.documents.audience import PUBLIC
from server.remote.actors import fetch_account
from server.runtime import Runtime
from server.store import follows, statuses
from tests.makers import make_member, make_remote, take
from tests.neighbour import neighbour


@pytest.mark.parametrize(
    ("is_public", "is_deleted", "stays"),
    [(True, False, False), (True, True, False), (False, False, True), (False, True, False)],
)
async def test_not_found_is_not_deleted_unless_it_was_for_everybody(
    runtime: Runtime, is_public: bool, is_deleted: bool, stays: bool
) -> None:
    with neighbour() as home:
        anna, eve = await make_member(runtime), await make_remote(runtime, "eve")
        bob = await fetch_account(runtime, home.actor("bob"))
        await follows.insert_follow(runtime.db, anna.id, bob.id, None)
        audience = PUBLIC if is_public else f"{bob.uri}/followers"
        note = home.note(bob.uri, "1", to=[audience], cc=[])
        assert await take(runtime, "Create", bob, note) is None
        home.documents.pop("/users/bob/statuses/1")
        if is_deleted:
            home.gone.add("/users/bob/statuses/1")
        await take(runtime, "Delete", eve, note["id"])
        kept = await statuses.find_by_uri(runtime.db, note["id"])
        assert (kept is not None) is stays
