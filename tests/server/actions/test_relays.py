"""Relays of both kinds: asked, answered, believed for what they name, told of what is public."""

from collections.abc import Iterator

import httpx
import pytest

from federation.documents.audience import PUBLIC
from server.actions import relays as actions
from server.actions.delete_post import delete_status
from server.errors import Conflict, Invalid, NotFound, Unavailable
from server.runtime import Runtime
from server.store import relays
from tests.makers import Api, make_member, make_status, outgoing, run_jobs
from tests.neighbour import Neighbour, activity, deliver, neighbour


@pytest.fixture
def relay() -> Iterator[Neighbour]:
    with neighbour() as found:
        yield found


@pytest.fixture
def origin() -> Iterator[Neighbour]:
    with neighbour() as found:
        yield found


async def accepted(runtime: Runtime, client: httpx.AsyncClient, relay: Neighbour, path: str) -> str:
    """Subscribe, and let the relay's actor accept; gives that actor's id."""
    actor = relay.actor("relay", inbox=f"{relay.origin}/inbox", type="Application")
    await actions.subscribe(runtime, None, f"{relay.origin}{path}")
    follow = (await outgoing(runtime))[-1]
    answer = activity("Accept", actor, follow)
    assert (await deliver(client, relay, answer)).status_code == 202
    await run_jobs(runtime)
    return actor


async def inboxes_of(runtime: Runtime, kind: str) -> list[str]:
    """Where activities of a kind go."""
    rows = await runtime.db.fetch(
        """
        SELECT d.inbox_url FROM deliveries d JOIN outgoing o ON o.id = d.outgoing_id
        WHERE convert_from(o.body, 'UTF8')::jsonb ->> 'type' = $1
        """,
        kind,
    )
    return [row["inbox_url"] for row in rows]


async def test_mastodon_s_kind_is_sent_public_posts_and_their_end(
    runtime: Runtime, client: httpx.AsyncClient, relay: Neighbour
) -> None:
    anna, inbox = await make_member(runtime), f"{relay.origin}/inbox"
    await make_status(runtime, anna, "before")
    await accepted(runtime, client, relay, "/inbox")
    assert (await outgoing(runtime))[-1]["object"] == PUBLIC
    public = await make_status(runtime, anna, "for all")
    for visibility in ("unlisted", "private", "direct"):
        await make_status(runtime, anna, "for few", visibility=visibility)
    await make_status(runtime, anna, "for us", local_only=True)
    assert await inboxes_of(runtime, "Create") == [inbox]
    await delete_status(runtime, anna.id, public, delete_media=True)
    assert await inboxes_of(runtime, "Delete") == [inbox]
    await actions.unsubscribe(runtime, None, inbox)
    assert (await outgoing(runtime))[-1]["type"] == "Undo"
    await make_status(runtime, anna, "after")
    assert await inboxes_of(runtime, "Create") == [inbox]


async def test_litepub_s_kind_is_told_of_public_posts(
    runtime: Runtime, client: httpx.AsyncClient, relay: Neighbour
) -> None:
    anna, inbox = await make_member(runtime), f"{relay.origin}/inbox"
    relay.actor("relay", inbox=inbox, type="Application")
    actor = await accepted(runtime, client, relay, "/users/relay")
    follow = next(a for a in await outgoing(runtime) if a["type"] == "Follow")
    assert (follow["object"], follow["to"]) == (actor, [actor])
    status_id = await make_status(runtime, anna, "for all")
    await make_status(runtime, anna, "for few", visibility="unlisted")
    assert await inboxes_of(runtime, "Announce") == [inbox]
    announce = next(a for a in await outgoing(runtime) if a["type"] == "Announce")
    assert announce["object"] == f"{runtime.settings.origin}/ap/statuses/{status_id}"
    assert announce["actor"] == follow["actor"]
    await delete_status(runtime, anna.id, status_id, delete_media=True)
    assert await inboxes_of(runtime, "Delete") == [inbox]


async def test_what_a_relay_names_is_read_at_its_origin(
    runtime: Runtime, client: httpx.AsyncClient, relay: Neighbour, origin: Neighbour, anna: Api
) -> None:
    actor = await accepted(runtime, client, relay, "/inbox")
    author = origin.actor("otto")
    fresh = origin.note(author, "1", "<p>fresh</p>")
    secret = origin.note(author, "2", "<p>secret</p>", to=[f"{author}/followers"])
    forged = activity("Create", author, {**fresh, "id": f"{author}/statuses/3", "content": "no"})
    for one in (
        activity("Announce", actor, fresh["id"], to=[f"{actor}/followers"]),
        activity("Announce", actor, secret["id"]),
        activity("Announce", actor, f"{author}/statuses/9"),
        activity("Announce", relay.actor("eve"), f"{author}/statuses/4"),
    ):
        assert (await deliver(client, relay, one)).status_code == 202
    # As relays pass on what Mastodon sent: signed by the relay, about somebody else's post.
    later = origin.note(author, "5", "<p>as its author wrote it</p>")
    changed = activity("Create", author, {**later, "content": "as the relay wrote it"})
    for passed in (forged, changed):
        await deliver(client, relay, passed, actor)
    origin.note(author, "4", "<p>of nobody's relay</p>")
    await run_jobs(runtime)
    shown = [status["content"] for status in await anna.get("/api/v1/timelines/public")]
    assert shown == ["<p>as its author wrote it</p>", "<p>fresh</p>"]
    assert await runtime.db.fetchval("SELECT count(*) FROM statuses") == 2


async def test_nobody_else_answers_for_a_relay(
    runtime: Runtime, client: httpx.AsyncClient, relay: Neighbour, origin: Neighbour
) -> None:
    await actions.subscribe(runtime, None, f"{relay.origin}/inbox")
    [follow] = await outgoing(runtime)
    eve = origin.actor("eve")
    await deliver(client, origin, activity("Accept", eve, follow))
    await run_jobs(runtime)
    [found] = await relays.list_relays(runtime.db)
    assert found.state == "pending"
    await deliver(client, relay, activity("Reject", relay.actor("relay"), follow["id"]))
    await run_jobs(runtime)
    [found] = await relays.list_relays(runtime.db)
    assert found.state == "rejected"


async def test_what_is_no_relay(
    runtime: Runtime, client: httpx.AsyncClient, relay: Neighbour
) -> None:
    await accepted(runtime, client, relay, "/inbox")
    with pytest.raises(Conflict):
        await actions.subscribe(runtime, None, f"{relay.origin}/inbox")
    with pytest.raises(Invalid):
        await actions.subscribe(runtime, None, "relay.example")
    with pytest.raises(Unavailable):
        await actions.subscribe(runtime, None, f"{relay.origin}/nothing")
    with pytest.raises(NotFound):
        await actions.unsubscribe(runtime, None, f"{relay.origin}/nothing")
