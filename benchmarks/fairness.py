"""An answer to one person while a post goes to 100,000 followers on 5,000 hosts, and without it."""

import asyncio
import time

import asyncpg
import orjson

from benchmarks.fake_remote import FakeRemote
from benchmarks.fanout import Hosts
from benchmarks.instance import Instance
from benchmarks.load import Result, request_bytes, run_load

HOSTS = 5_000
FOLLOWERS_PER_HOST = 20
ANSWERS = 20
_PAUSE_SECONDS = 0.1
_LIMIT_SECONDS = 120.0


async def measure(instance: Instance, speaker: str, writer: str) -> tuple[Result, Result, Result]:
    """Times of answers from request to arrival, alone and beside the fan-out; and its own time.

    `speaker` and `writer` are tokens; the speaker's name is "orator".
    """
    hosts, friend = Hosts(), FakeRemote()
    names = await hosts.start(HOSTS)
    await _seed(instance.database_url, names, await friend.start())
    try:
        alone = await _answers(instance, writer, friend)
        start = time.perf_counter()
        await _post(instance, speaker, "To all")
        beside = await _answers(instance, writer, friend)
        async with asyncio.timeout(_LIMIT_SECONDS):
            while hosts.count(names) < HOSTS:
                await asyncio.sleep(0.01)
    finally:
        hosts.stop()
        friend.stop()
    whole = Result()
    whole.seconds = time.perf_counter() - start
    whole.times = [whole.seconds] * HOSTS
    whole.errors = hosts.twice
    return alone, beside, whole


async def _answers(instance: Instance, token: str, friend: FakeRemote) -> Result:
    result, begin = Result(), time.perf_counter()
    for number in range(ANSWERS):
        before, start = friend.received, time.perf_counter()
        await _post(instance, token, f"@friend@friend.example answer {number}")
        await friend.wait_for(before + 1, _LIMIT_SECONDS)
        result.times.append(friend.last_at - start)
        await asyncio.sleep(_PAUSE_SECONDS)
    result.seconds = time.perf_counter() - begin
    return result


async def _post(instance: Instance, token: str, text: str) -> None:
    body = orjson.dumps({"status": text, "visibility": "direct" if text[0] == "@" else "public"})
    requests = iter([request_bytes(f"{instance.origin}/api/v1/statuses", token, "POST", body)])
    await run_load(("127.0.0.1", instance.port), lambda: next(requests, None), 1)


async def _seed(database_url: str, hosts: list[str], friend: str) -> None:
    db = await asyncpg.connect(database_url)
    try:
        await db.execute(
            """
            WITH followers AS (
                INSERT INTO accounts (username, domain, uri, inbox_url, shared_inbox_url)
                SELECT 'c' || n, host, 'http://' || host || '/users/' || n,
                       'http://' || host || '/users/' || n || '/inbox',
                       'http://' || host || '/inbox'
                FROM unnest($1::text[]) host, generate_series(1, $2) n RETURNING id)
            INSERT INTO follows (account_id, target_id)
            SELECT followers.id, author.id FROM followers, accounts author
            WHERE author.username = 'orator'
            """,
            hosts,
            FOLLOWERS_PER_HOST,
        )
        await db.execute(
            """
            INSERT INTO accounts (username, domain, uri, inbox_url, fetched_at)
            VALUES ('friend', 'friend.example', 'http://friend.example/friend', $1, now())
            """,
            f"http://{friend}/friend/inbox",
        )
        await db.execute("ANALYZE")
    finally:
        await db.close()
