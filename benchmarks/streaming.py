"""Time from a post's answer to its event on the author's open stream."""

import time

import httpx
from websockets.asyncio.client import connect

from benchmarks.instance import Instance
from benchmarks.load import Result

POSTS = 200


async def measure(instance: Instance, token: str) -> Result:
    """One post after the other; a time is from the answer to the event."""
    result = Result()
    headers = {"Authorization": f"Bearer {token}"}
    stream = f"ws://127.0.0.1:{instance.port}/api/v1/streaming?stream=user"
    start = time.perf_counter()
    async with (
        connect(stream, additional_headers=headers) as socket,
        httpx.AsyncClient(base_url=instance.origin, headers=headers) as client,
    ):
        for number in range(POSTS):
            answer = await client.post("/api/v1/statuses", json={"status": f"Streamed {number}"})
            answered = time.perf_counter()
            if answer.status_code != 200:
                result.errors += 1
                continue
            while '"update"' not in str(await socket.recv()):
                pass
            result.times.append(max(0.0, time.perf_counter() - answered))
    result.seconds = time.perf_counter() - start
    return result
