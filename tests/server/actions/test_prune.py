"""What others wrote stays as long as somebody here has to do with it."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import asyncpg
import pytest

from federation.documents.audience import PUBLIC
from server.actions.boost import boost_status
from server.actions.favourite import favourite_status
from server.actions.follow import follow_account
from server.actions.prune import KINDS, START, prune, prune_job, start_pruning
from server.remote.actors import fetch_account
from server.remote.statuses import find_or_fetch_status
from server.runtime import Runtime, open_runtime
from server.settings import Settings
from server.store import (
    accounts,
    bookmarks,
    favourites,
    follows,
    pins,
    pruning,
    remote_collections,
    statuses,
)
from server.store.accounts import Account
from server.store.remote_collections import RemoteCollection
from tests.makers import make_member, make_remote, make_status, run_jobs, take
from tests.neighbour import Neighbour, neighbour
from tests.servers import kept_open
from tests.waiting import until_blocked

OLD = "2020-01-01T00:00:00Z"
Deed = Callable[["Scene", str], Awaitable[Any]]


@dataclasses.dataclass
class Scene:
    """bob has written something, long ago."""

    runtime: Runtime
    home: Neighbour
    anna: Account
    bob: Account

    async def note(self, number: str, **more: Any) -> str:
        """An old post of bob's; gives its id."""
        note = self.home.note(self.bob.uri, number, **{"published": OLD, **more})
        return (await find_or_fetch_status(self.runtime, note["id"])).uri

    async def id_of(self, uri: str) -> int:
        """The id in the store."""
        status = await statuses.find_by_uri(self.runtime.db, uri)
        assert status
        return status.id

    async def left(self, kind: str = "statuses", days: int = 30) -> list[str]:
        """What is left of bob's posts when all has been pruned."""
        async for _ in prune(self.runtime, KINDS[kind], days):
            pass
        rows = await self.runtime.db.fetch(
            "SELECT uri FROM statuses WHERE account_id = $1 ORDER BY id", self.bob.id
        )
        return [row["uri"] for row in rows]


@pytest.fixture
async def scene(runtime: Runtime) -> AsyncIterator[Scene]:
    with neighbour() as home:
        bob = await fetch_account(runtime, home.actor("bob"))
        yield Scene(runtime, home, await make_member(runtime), bob)


async def nothing(scene: Scene, uri: str) -> None:
    """Nobody does anything."""


async def favourite(scene: Scene, uri: str) -> None:
    await favourite_status(scene.runtime, scene.anna.id, await scene.id_of(uri))


async def bookmark(scene: Scene, uri: str) -> None:
    await bookmarks.insert_bookmark(scene.runtime.db, scene.anna.id, await scene.id_of(uri))


async def boost(scene: Scene, uri: str) -> None:
    await boost_status(scene.runtime, scene.anna.id, await scene.id_of(uri), "public")


async def pin(scene: Scene, uri: str) -> None:
    await pins.insert_pin(scene.runtime.db, scene.bob.id, await scene.id_of(uri))


async def answer(scene: Scene, uri: str) -> None:
    await make_status(scene.runtime, scene.anna, "yes", in_reply_to_id=await scene.id_of(uri))


async def report(scene: Scene, uri: str) -> None:
    await scene.runtime.db.execute(
        "INSERT INTO reports (account_id, target_id, status_ids) VALUES ($1, $2, $3)",
        scene.anna.id,
        scene.bob.id,
        [await scene.id_of(uri)],
    )


async def follow(scene: Scene, uri: str) -> None:
    """The author, whatever it wrote."""
    await follow_account(
        scene.runtime,
        scene.anna.id,
        scene.bob.id,
        show_boosts=True,
        notify_posts=False,
        languages=None,
    )
    await take(scene.runtime, "Accept", scene.bob, {"type": "Follow", "actor": scene.anna.uri})


@pytest.mark.parametrize(
    ("deed", "stays"),
    [
        (nothing, False),
        (favourite, True),
        (bookmark, True),
        (boost, True),
        (pin, True),
        (answer, True),
        (report, True),
        (follow, True),
    ],
)
async def test_a_post_stays_while_somebody_has_to_do_with_it(
    scene: Scene, deed: Deed, stays: bool
) -> None:
    uri = await scene.note("1")
    await deed(scene, uri)
    assert await scene.left() == ([uri] if stays else [])


async def test_a_post_that_is_about_a_member_stays(scene: Scene) -> None:
    mention = {"type": "Mention", "href": scene.anna.uri, "name": "@anna"}
    mine = scene.runtime.addresses.status_uri(await make_status(scene.runtime, scene.anna))
    kept = [
        await scene.note("1", tag=[mention]),
        await scene.note("2", inReplyTo=mine),
    ]
    assert sorted(await scene.left()) == kept
    assert await scene.left(days=36_500) == kept


async def test_young_ones_stay_and_threads_go_from_their_ends(scene: Scene) -> None:
    db, runtime = scene.runtime.db, scene.runtime
    first = await scene.note("1")
    for number in ("2", "3"):
        await scene.note(number, inReplyTo=first, published=f"2020-01-0{number}T00:00:00Z")
    other = await fetch_account(runtime, scene.home.actor("other"))
    await scene.note("4", published="2020-01-04T00:00:00Z")
    await follow_and_boost(scene, other, first)
    note = scene.home.note(scene.bob.uri, "5")
    young = (await find_or_fetch_status(runtime, note["id"])).uri
    dry = [batch.gone async for batch in prune(runtime, KINDS["statuses"], 30, is_dry=True)]
    assert sum(dry) == 3
    # What is boosted by whom a member follows stays, and loses two answers; dry nothing went.
    assert await scene.left() == [first, young]
    replies = "SELECT replies_count FROM status_stats WHERE status_id = $1"
    assert await db.fetchval(replies, await scene.id_of(first)) == 0
    count = "SELECT statuses_count FROM account_stats WHERE account_id = $1"
    assert await db.fetchval(count, scene.bob.id) == 2
    even = dataclasses.replace(
        KINDS["statuses"], look=partial(pruning.look_at_statuses, even_followed=True)
    )
    gone = [batch.gone async for batch in prune(runtime, even, 30)]
    assert sum(gone) == 0  # the boost stands in a home


async def follow_and_boost(scene: Scene, who: Account, uri: str) -> None:
    await follow(dataclasses.replace(scene, bob=who), uri)
    await take(scene.runtime, "Announce", who, uri, to=[PUBLIC], published="2020-02-01T00:00:00Z")


async def test_accounts_without_any_tie_go(scene: Scene) -> None:
    runtime = scene.runtime
    free, silenced, followed = [
        await make_remote(runtime, name) for name in ("free", "silenced", "followed")
    ]
    await follow(dataclasses.replace(scene, bob=followed), "")
    await scene.note("1")
    fresh = await make_remote(runtime, "fresh")
    db = runtime.db
    await db.execute("UPDATE accounts SET silenced_at = now() WHERE id = $1", silenced.id)
    age = "UPDATE accounts SET fetched_at = now() - interval '40 days' WHERE id <> $1"
    await db.execute(age, fresh.id)
    await scene.left("accounts")
    names = await db.fetchval("SELECT array_agg(username ORDER BY username) FROM accounts")
    assert names == ["anna", "bob", "followed", "fresh", "localhost", "silenced"]
    assert await accounts.find_account(db, free.id) is None
    await scene.left()
    await scene.left("accounts")
    assert await accounts.find_account(db, scene.bob.id) is None  # the post was the tie


async def test_collections_of_others_keep_nobody_whom_no_member_sees_in_them(scene: Scene) -> None:
    runtime, db = scene.runtime, scene.runtime.db
    names = ("owner", "inside", "followed", "shown", "asking")
    owner, inside, followed, shown, asking = [await make_remote(runtime, name) for name in names]
    await follow(dataclasses.replace(scene, bob=followed), "")
    now = datetime.now(UTC)
    for whose, who in ((owner, inside), (followed, shown), (asking, scene.anna)):
        uri = f"{whose.uri}/collections/1"
        told = RemoteCollection(uri, uri, "x", "", None, False, True, None, now, now)
        made = await remote_collections.upsert(db, whose.id, told)
        assert made
        await remote_collections.put_item(db, made, who.id, f"{uri}/1", None, 0, None)
    await db.execute("UPDATE accounts SET fetched_at = now() - interval '40 days'")
    for _ in range(2):
        await scene.left("accounts")
    left = await db.fetchval(
        "SELECT array_agg(username ORDER BY id) FROM accounts WHERE domain = 'far.example'"
    )
    assert left == ["followed", "shown", "asking"]
    assert await db.fetchval("SELECT count(*) FROM collections") == 2


async def test_the_worker_does_what_the_settings_say(
    settings: Settings, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.actions.prune._AT_ONCE", 2)
    monkeypatch.setattr("server.actions.prune._BATCHES_OF_A_JOB", 1)
    for number in range(1, 6):
        await scene.note(str(number), published=f"2020-01-0{number}T00:00:00Z")
    await start_pruning(scene.runtime)
    await run_jobs(scene.runtime)
    count = "SELECT count(*) FROM statuses"
    assert await scene.runtime.db.fetchval(count) == 5  # as they are, they keep posts for ever
    changed = dataclasses.replace(settings, statuses_remote_days=30)
    async with kept_open(open_runtime(changed)) as runtime:
        await prune_job(runtime, "statuses", START)
        assert await runtime.db.fetchval(count) == 3
        waiting = "SELECT args FROM jobs WHERE name = 'prune' AND args ->> 0 = 'statuses'"
        await start_pruning(runtime)  # a day later there is still one walk
        [[(name, place)]] = await runtime.db.fetch(waiting)
        await prune_job(runtime, name, place)
        assert await runtime.db.fetchval(count) == 1


@pytest.mark.parametrize("kind", ["accounts", "statuses"])
async def test_what_somebody_takes_up_at_that_moment_stays(scene: Scene, kind: str) -> None:
    db, bob = scene.runtime.db, scene.bob
    uri = await scene.note("1") if kind == "statuses" else ""
    await db.execute("UPDATE accounts SET fetched_at = now() - interval '40 days'")
    async with scene.runtime.transaction() as tx:
        if uri:
            await favourites.insert_favourite(tx.db, scene.anna.id, await scene.id_of(uri), None)
        else:
            await follows.insert_follow(tx.db, scene.anna.id, bob.id, None)
        walk = asyncio.create_task(scene.left(kind))
        await asyncio.wait([walk], timeout=0.5)
    assert await walk == ([uri] if uri else [])
    assert await db.fetchval("SELECT count(*) FROM favourites") == (1 if uri else 0)
    assert await accounts.find_account(db, bob.id)


async def test_nothing_is_tied_to_what_is_held(scene: Scene) -> None:
    status_id = await scene.id_of(await scene.note("1"))
    async with scene.runtime.transaction() as tx:
        assert await pruning.hold(tx.db, "statuses", [status_id, 1]) == {status_id}
        mark = asyncio.create_task(
            bookmarks.insert_bookmark(scene.runtime.db, scene.anna.id, status_id)
        )
        await until_blocked(scene.runtime.db)
        await pruning.delete_statuses(tx.db, [status_id])
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await mark
