from federation.documents.audience import PUBLIC
from server.inbox.process import HANDLERS, process_activity_job
from server.runtime import Runtime
from server.store import follows, received
from tests.makers import make_member, make_remote


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
