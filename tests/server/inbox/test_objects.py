"""Activities that only name what they are about, or come in another order than they were sent."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.actions.drafts import PollDraft
from server.remote.actors import fetch_account
from server.runtime import Runtime
from server.store import accounts, follows, polls, statuses, tombstones
from server.store.accounts import Account
from tests.makers import make_member, make_status, take
from tests.neighbour import Neighbour, neighbour


async def followed(runtime: Runtime, home: Neighbour) -> Account:
    anna = await make_member(runtime)
    bob = await fetch_account(runtime, home.actor("bob"))
    await follows.insert_follow(runtime.db, anna.id, bob.id, None)
    return bob


async def count_home(runtime: Runtime) -> int:
    return int(await runtime.db.fetchval("SELECT count(*) FROM home_entries"))


async def test_a_post_that_is_only_named_is_read_at_its_origin(runtime: Runtime) -> None:
    with neighbour() as home:
        bob = await followed(runtime, home)
        note = home.note(bob.uri, "1", "<p>first</p>", published="2026-01-01T00:00:00Z")
        assert await take(runtime, "Create", bob, note["id"]) is None
        assert await count_home(runtime) == 1
        note |= {"content": "<p>second</p>", "updated": "2026-02-01T00:00:00Z"}
        assert await take(runtime, "Update", bob, note["id"]) is None
        kept = await statuses.find_by_uri(runtime.db, note["id"])
        assert kept
        assert kept.content == "<p>second</p>"
        home.documents["/users/bob"]["name"] = "Robert"
        await take(runtime, "Update", bob, bob.uri)
        again = await accounts.find_by_uri(runtime.db, bob.uri)
        assert again
        assert again.display_name == "Robert"


async def test_nobody_makes_us_ask_others(runtime: Runtime) -> None:
    with neighbour() as home, neighbour() as other:
        bob = await followed(runtime, home)
        note = other.note(other.actor("eve"), "1")
        await take(runtime, "Create", bob, note["id"])
        assert await statuses.find_by_uri(runtime.db, note["id"]) is None


async def test_an_edit_that_overtakes_its_post_brings_it(runtime: Runtime) -> None:
    with neighbour() as home:
        bob = await followed(runtime, home)
        now = datetime.now(UTC)
        note = home.note(bob.uri, "1", updated=now.isoformat())
        await take(runtime, "Update", bob, note)
        await take(runtime, "Create", bob, note)
        assert await count_home(runtime) == 1
        old = home.note(bob.uri, "2", published=(now - timedelta(days=2)).isoformat())
        await take(runtime, "Update", bob, old)
        assert await count_home(runtime) == 1
        gone = home.note(bob.uri, "3")
        await tombstones.insert_tombstone(runtime.db, gone["id"], bob.uri)
        await take(runtime, "Update", bob, gone)
        assert await count_home(runtime) == 1


@pytest.mark.parametrize("left_out", ["attributedTo", "to"])
async def test_what_a_post_leaves_out_its_activity_says(runtime: Runtime, left_out: str) -> None:
    with neighbour() as home:
        bob = await followed(runtime, home)
        note = home.note(bob.uri, "1")
        to, cc = note["to"], note["cc"]
        del note[left_out]
        note.pop("cc")
        await take(runtime, "Create", bob, note, to=to, cc=cc)
        kept = await statuses.find_by_uri(runtime.db, note["id"])
        assert kept
        assert (kept.account_id, kept.visibility) == (bob.id, "public")


async def test_all_choices_that_come_at_once_count(runtime: Runtime) -> None:
    with neighbour() as home:
        bob = await fetch_account(runtime, home.actor("bob"))
        anna = await make_member(runtime)
        poll = PollDraft(["a", "b", "c"], 3600, multiple=True)
        number = await make_status(runtime, anna, poll=poll)
        asked = runtime.addresses.status_uri(number)
        votes = [
            {
                "id": f"{bob.uri}#votes/{name}",
                "type": "Note",
                "name": name,
                "to": [anna.uri],
                "attributedTo": bob.uri,
                "inReplyTo": asked,
            }
            for name in ("a", "c")
        ]
        await take(runtime, "Create", bob, votes)
        found = await polls.find_poll(runtime.db, number)
        assert found
        assert found.votes == [1, 0, 1]


class Counted(dict[str, Any]):
    """Documents that know how often one of them was read."""

    reads = 0

    def __getitem__(self, path: str) -> Any:
        self.reads += 1
        return super().__getitem__(path)


async def test_the_origin_is_asked_once_for_an_edit_that_overtakes_its_post(
    runtime: Runtime,
) -> None:
    with neighbour() as home:
        bob = await followed(runtime, home)
        note = home.note(bob.uri, "1", published=datetime.now(UTC).isoformat())
        home.documents = counted = Counted(home.documents)
        await take(runtime, "Update", bob, note["id"])
        assert await count_home(runtime) == 1
        assert counted.reads == 1
