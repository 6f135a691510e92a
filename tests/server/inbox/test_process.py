import asyncio
from dataclasses import replace
from types import SimpleNamespace

import orjson
import pytest

from federation.documents.activity import Activity
from federation.documents.audience import PUBLIC
from federation.transport.budget import Budget
from server.inbox import process
from server.inbox.process import HANDLERS, process_activity_job
from server.runtime import Runtime
from server.store import follows, received
from server.store.accounts import Account
from tests.makers import make_member, make_remote, run_jobs


def test_every_kind_has_a_handler_of_its_own() -> None:
    requests = {HANDLERS[f"{kind}Request"] for kind in ("Announce", "Like", "Reply")}
    assert len(requests) == 1
    assert len(set(HANDLERS.values())) == len(HANDLERS) - 2


async def test_an_effect_is_made_once_and_noted(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    await follows.insert_follow(runtime.db, anna.id, remy.id, None)
    body = (
        '{"type":"Create","id":"%s/1#create","actor":"%s","object":{"type":"Note","id":"%s/1",'
        '"attributedTo":"%s","content":"hi","to":"%s"}}'
        % (remy.uri, remy.uri, remy.uri, remy.uri, PUBLIC)
    )
    row = await received.insert_received(
        runtime.db, remy.uri, f"{remy.uri}/1#create", "Create", body.encode()
    )
    assert row is not None
    assert (
        await received.insert_received(runtime.db, remy.uri, f"{remy.uri}/1#create", "Create", b"")
        is None
    )
    for _ in range(2):
        await process_activity_job(runtime, row)
    assert await runtime.db.fetchval("SELECT count(*) FROM statuses") == 1
    assert await runtime.db.fetchval("SELECT processed_at IS NOT NULL FROM received")


async def test_what_has_no_effect_says_why(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    await follows.insert_follow(runtime.db, anna.id, remy.id, None)
    body = (
        '{"type":"Create","actor":"%s","object":{"type":"Note","id":"https://other.example/1",'
        '"attributedTo":"%s","content":"hi"}}' % (remy.uri, remy.uri)
    )
    row = await received.insert_received(runtime.db, remy.uri, None, "Create", body.encode())
    assert row is not None
    await process_activity_job(runtime, row)
    assert "Untrusted" in await runtime.db.fetchval("SELECT error FROM received")


async def test_nobody_holds_up_what_others_send(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes long goes on elsewhere, and so does all by those who took much of our time."""
    slow, other = await make_remote(runtime), await make_remote(runtime, domain="other.example")
    # All that comes does so within one window of five minutes.
    runtime = replace(runtime, inbox_budget=Budget({"seconds": 300}, lambda: 0.0))
    clock = iter(range(0, 10_000, 100))  # all take 100 s
    monkeypatch.setattr(process, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    made: list[str] = []
    answers = asyncio.Event()

    async def wait(_: Runtime, sender: Account, activity: Activity) -> None:
        if activity.object_id == "https://slow.example/":
            await answers.wait()
        made.append(sender.uri)

    monkeypatch.setitem(process.HANDLERS, "Like", wait)

    async def take(sender: Account, liked: str) -> str | None:
        """The job that is left to do."""
        body = orjson.dumps({"type": "Like", "actor": sender.uri, "object": liked})
        row = await received.insert_received(runtime.db, sender.uri, None, "Like", body)
        assert row is not None
        await runtime.db.execute("DELETE FROM jobs")
        await process_activity_job(runtime, row)
        left: str | None = await runtime.db.fetchval("SELECT name FROM jobs")
        return left

    with monkeypatch.context() as hurry:
        hurry.setattr(process, "_SOON_SECONDS", 0.05)
        assert await take(slow, "https://slow.example/") == "process_slow_activity"
    assert made == []
    answers.set()
    monkeypatch.setattr(process, "_SOON_SECONDS", 60.0)
    await run_jobs(runtime)
    assert made == [slow.uri]
    for _ in range(2):
        assert await take(slow, "https://fast.example/") is None
    assert await take(slow, "https://fast.example/") == "process_slow_activity"
    await run_jobs(runtime)
    assert await take(other, "https://fast.example/") is None
    assert made == [slow.uri] * 4 + [other.uri]
    assert (
        await runtime.db.fetchval("SELECT count(*) FROM received WHERE processed_at IS NULL") == 0
    )
