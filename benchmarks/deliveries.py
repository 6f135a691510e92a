"""Deliveries of posts to 200 inboxes of a fake remote."""

import time

import orjson

from benchmarks import seed
from benchmarks.fake_remote import FakeRemote
from benchmarks.instance import Instance
from benchmarks.load import Result, request_bytes, run_load

INBOXES = 200
POSTS = 25
_LIMIT_SECONDS = 60.0


async def measure(instance: Instance, token: str) -> Result:
    """Post `POSTS` times; a time is one post's way to all inboxes, the count is deliveries."""
    remote = FakeRemote()
    await seed.seed_followers(instance.database_url, "writer", await remote.start(), INBOXES)
    posts = (
        request_bytes(
            f"{instance.origin}/api/v1/statuses",
            token,
            "POST",
            orjson.dumps({"status": f"Delivery {n}"}),
        )
        for n in range(POSTS)
    )
    start = time.perf_counter()
    await run_load(("127.0.0.1", instance.port), lambda: next(posts, None), 1)
    await remote.wait_for(POSTS * INBOXES, _LIMIT_SECONDS)
    result = Result()
    result.seconds = remote.last_at - start
    result.times = [result.seconds / POSTS] * remote.received
    remote.stop()
    return result
