"""Deliveries to real neighbours: one that is well, one that is down, one that refuses."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from server.outbox.deliver import DeliveryDrain
from server.runtime import Runtime
from server.store import deliveries, follows
from server.store.accounts import Account
from server.store.database import by_index, open_pool
from server.store.status_writes import NewStatus, insert_status
from server.transaction import Transaction
from tests.makers import make_member, make_remote, make_status
from tests.neighbour import Neighbour, neighbour
from tests.waiting import until


async def settle(runtime: Runtime, condition: Callable[[], Awaitable[bool]]) -> None:
    drain = DeliveryDrain(runtime, uuid4())
    running = asyncio.create_task(drain.run())

    async def holds() -> bool:
        drain.ring()
        return await condition()

    try:
        await until(holds, condition.__name__)
    finally:
        running.cancel()
        await asyncio.wait([running])


async def follower(runtime: Runtime, target_id: int, home: Neighbour, name: str) -> None:
    uri = f"{home.origin}/users/{name}"
    account = await make_remote(
        runtime,
        name,
        home.domain,
        uri=uri,
        inbox_url=f"{uri}/inbox",
        shared_inbox_url=f"{home.origin}/inbox",
    )
    await follows.insert_follow(runtime.db, account.id, target_id, None)


async def waiting(runtime: Runtime) -> int:
    return int(await runtime.db.fetchval("SELECT count(*) FROM deliveries"))


async def test_a_shared_inbox_is_reached_once_and_a_dead_host_holds_up_nobody(
    runtime: Runtime,
) -> None:
    with ExitStack() as stack:
        well, refusing = (stack.enter_context(neighbour()) for _ in range(2))
        dead = Neighbour(1)  # nobody listens there
        refusing.answers["/inbox"] = 422
        anna = await make_member(runtime)
        for number in range(3):
            await follower(runtime, anna.id, well, f"w{number}")
        await follower(runtime, anna.id, dead, "d")
        await follower(runtime, anna.id, refusing, "r")
        await make_status(runtime, anna, "hello")
        assert await waiting(runtime) == 3

        async def done() -> bool:
            tried = await runtime.db.fetchval("SELECT count(*) FROM deliveries WHERE attempts > 0")
            return bool(tried == 1 and await waiting(runtime) == 1)

        await settle(runtime, done)
        assert [activity["type"] for activity in well.received] == ["Create"]
        assert well.received[0]["object"]["content"] == "<p>hello</p>"
        row = await runtime.db.fetchrow("SELECT * FROM deliveries")
        assert (row["host"], row["attempts"]) == (dead.domain, 1)
        assert await runtime.db.fetchval("SELECT failures FROM hosts") == 1


async def test_what_a_dead_worker_held_arrives_when_its_lease_runs_out(runtime: Runtime) -> None:
    with neighbour() as well:
        anna = await make_member(runtime)
        await follower(runtime, anna.id, well, "w")
        await make_status(runtime, anna, "hello")
        claim = "UPDATE deliveries SET claimed_by = $1, claimed_until = now() + interval '{}'"
        await runtime.db.execute(claim.format("300 ms"), uuid4())

        async def done() -> bool:
            return await waiting(runtime) == 0

        await settle(runtime, done)
        assert len(well.received) == 1


async def test_a_delete_goes_where_the_post_went_also_to_former_followers(
    runtime: Runtime,
) -> None:
    from server.actions.delete_post import delete_status

    with neighbour() as well:
        anna = await make_member(runtime)
        await follower(runtime, anna.id, well, "w")
        status = await make_status(runtime, anna, "hello")

        async def done() -> bool:
            return await waiting(runtime) == 0

        await settle(runtime, done)
        await runtime.db.execute("DELETE FROM follows")
        await delete_status(runtime, anna.id, status, delete_media=False)
        await settle(runtime, done)
        assert [activity["type"] for activity in well.received] == ["Create", "Delete"]
        assert well.received[1]["object"]["type"] == "Tombstone"


async def test_an_inbox_hears_things_in_their_order(runtime: Runtime) -> None:
    with neighbour() as well:
        anna = await make_member(runtime)
        await follower(runtime, anna.id, well, "w")
        for number in range(20):
            await make_status(runtime, anna, f"number {number}")

        async def done() -> bool:
            return await waiting(runtime) == 0

        await settle(runtime, done)
        heard = [activity["object"]["content"] for activity in well.received]
        assert heard == [f"<p>number {number}</p>" for number in range(20)]


async def test_an_inbox_that_takes_the_new_dialect_alone(runtime: Runtime) -> None:
    with neighbour() as home:
        home.takes = "signature-input"
        anna = await make_member(runtime)
        await follower(runtime, anna.id, home, "w")
        for text in ("first", "second"):
            await make_status(runtime, anna, text)

            async def done() -> bool:
                return await waiting(runtime) == 0

            await settle(runtime, done)
        assert [activity["object"]["content"] for activity in home.received] == [
            "<p>first</p>",
            "<p>second</p>",
        ]
        assert home.refused == 1


async def followers(runtime: Runtime, author: Account, home: Neighbour, count: int) -> None:
    """So many of one host, each with an inbox of its own."""
    await runtime.db.execute(
        """
        WITH new AS (
            INSERT INTO accounts (username, domain, uri, inbox_url)
            SELECT n || '_' || author, $2, $3 || n || '_' || author,
                   $3 || n || '_' || author || '/inbox'
            FROM generate_series(1, $4) n, (SELECT $1::bigint AS author) a RETURNING id)
        INSERT INTO follows (account_id, target_id) SELECT id, $1 FROM new
        """,
        author.id,
        home.domain,
        f"{home.origin}/users/",
        count,
    )


async def test_a_fan_out_holds_up_neither_an_answer_nor_another_fan_out(runtime: Runtime) -> None:
    with neighbour() as crowd, neighbour() as friend:
        anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
        named = await make_remote(runtime, "f", shared_inbox_url=f"{friend.origin}/inbox")
        for author in (anna, ben):
            await followers(runtime, author, crowd, 600)
        async with runtime.transaction() as tx:  # at the same moment, one after the other
            for author in (anna, ben):
                await send_to_all(tx, author)
        await make_status(runtime, anna, f"@{named.acct} hello", visibility="direct")
        crowd.may_answer.clear()

        async def answered() -> bool:
            return bool(friend.received)

        await settle(runtime, answered)
        assert await waiting(runtime) >= 1200
        authors = []
        while claimed := await deliveries.claim_deliveries(runtime.db, uuid4(), 100, 1000, []):
            authors += [delivery.account_id for delivery in claimed]
        first, last = authors.index(ben.id), len(authors) - authors[::-1].index(anna.id)
        assert first < 200
        assert last > len(authors) - 200


async def send_to_all(tx: Transaction, author: Account) -> None:
    new = NewStatus(
        author.id, f"{tx.addresses.origin}/x/", True, "public", "<p>hi</p>", datetime.now(UTC)
    )
    status = await insert_status(tx.db, new)
    assert status
    outgoing = await deliveries.insert_outgoing(tx.db, author.id, b"{}", "people", status.id)
    await deliveries.insert_for_status(
        tx.db, outgoing, status.id, author.id, to_followers=True, to_past=False
    )


async def test_who_is_told_to_stop_while_the_database_is_away_stops(runtime: Runtime) -> None:
    pool = await open_pool(runtime.settings.database_url, 4)
    anna = await make_member(runtime)
    with neighbour() as well:
        well.may_answer.clear()
        await follower(runtime, anna.id, well, "w")
        await make_status(runtime, anna, "hello")
        drain = DeliveryDrain(replace(runtime, db=pool), uuid4())
        running = asyncio.create_task(drain.run())
        drain.ring()
        await until(lambda: well.received, "the delivery")
        pool.terminate()
        well.may_answer.set()
        await until(lambda: any(lane._arrived for lane in drain._lanes), "the answer")
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()


async def test_a_long_queue_is_claimed_by_a_plan_that_was_made_while_it_was_empty(
    runtime: Runtime,
) -> None:
    anna = await make_member(runtime)
    async with runtime.transaction() as tx:
        outgoing = await deliveries.insert_outgoing(tx.db, anna.id, b"{}", "nothing")
    await runtime.db.execute("ANALYZE deliveries")
    for _ in range(8):
        async with by_index(runtime.db) as db:
            assert await deliveries.claim_deliveries(db, uuid4(), 100, 100, []) == []
    await runtime.db.execute(
        """
        INSERT INTO deliveries (outgoing_id, inbox_url, host)
        SELECT $1, 'https://' || n || '.example/inbox', n || '.example'
        FROM generate_series(1, 30000) n
        """,
        outgoing,
    )
    read = """SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables
        WHERE relname = 'deliveries'"""
    async with by_index(runtime.db) as db:
        assert len(await deliveries.claim_deliveries(db, uuid4(), 100, 100, [])) == 100
        assert await db.fetchval(read) < 5000
