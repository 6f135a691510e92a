"""Signed notes of known actors: verified, stored and visible in a follower's home."""

import asyncio
import time
from datetime import UTC, datetime

import asyncpg
import orjson

from benchmarks import seed
from benchmarks.instance import Instance
from benchmarks.load import Result, request_bytes, run_load
from federation.signatures.keys import SigningKey, load_private_key
from federation.signatures.sign import sign_request

NOTES = 2000
ACTORS = 50
REMOTE = "127.0.0.1:9"  # nobody listens there: nothing may need to be fetched
_LIMIT_SECONDS = 60.0
_HOME_ENTRIES = "SELECT count(*) FROM home_entries"


async def measure(instance: Instance) -> Result:
    """Send all notes over 8 connections; done when the last one stands in the home timeline."""
    actors = await seed.seed_known_actors(instance.database_url, "reader", REMOTE, ACTORS)
    notes = iter([_signed_note(instance, actors[n % ACTORS], n) for n in range(NOTES)])
    db = await asyncpg.connect(instance.database_url)
    try:
        before = await db.fetchval(_HOME_ENTRIES)
        start = time.perf_counter()
        result = await run_load(("127.0.0.1", instance.port), lambda: next(notes, None), 8)
        async with asyncio.timeout(_LIMIT_SECONDS):
            while await db.fetchval(_HOME_ENTRIES) < before + NOTES - result.errors:
                await asyncio.sleep(0.01)
        result.seconds = time.perf_counter() - start
    finally:
        await db.close()
    return result


def _signed_note(instance: Instance, actor: seed.RemoteActor, number: int) -> bytes:
    now = datetime.now(UTC)
    uri = f"{actor.uri}/statuses/{number}"
    note = {
        "id": uri,
        "type": "Note",
        "attributedTo": actor.uri,
        "content": f"<p>Note {number} about what we tried</p>",
        "published": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "cc": [f"{actor.uri}/followers"],
    }
    activity = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{uri}/activity",
        "type": "Create",
        "actor": actor.uri,
        "to": note["to"],
        "cc": note["cc"],
        "object": note,
    }
    body = orjson.dumps(activity)
    url = f"{instance.origin}/ap/inbox"
    key = SigningKey(actor.key_uri, load_private_key(actor.private_pem))
    headers = sign_request("POST", url, body, key, now)
    return request_bytes(url, "", "POST", body, headers)
