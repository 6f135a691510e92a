"""The owners subscribe to relays, which pass public posts on between many servers.

Two kinds are in use: Mastodon's (an inbox; one follows the public collection, and posts are sent
to it) and LitePub's (an actor that one follows, and that is told of posts by an Announce).
"""

from federation.documents import actor as documents
from federation.documents.activity import build_activity
from federation.documents.audience import PUBLIC
from federation.documents.reading import Document
from federation.errors import RemoteError
from federation.transport.fetch import fetch_document
from server.errors import Conflict, Invalid, NotFound, Unavailable
from server.identity.instance_actor import ensure_instance_actor
from server.identity.signing import instance_signer
from server.outbox.queue import send_to_inboxes
from server.outbox.relations import new_activity_uri
from server.runtime import Runtime
from server.store import audit_log, relays
from server.store.accounts import Account
from server.store.relays import Relay


async def subscribe(runtime: Runtime, moderator_id: int | None, address: str) -> str:
    """Ask a relay, by its inbox (Mastodon's kind) or its actor (LitePub's); gives the kind.

    Raises Invalid, Conflict when it accepted us already, Unavailable when it does not answer.
    """
    if not address.startswith(("https://", "http://")):
        raise Invalid("A relay is given by an address like https://relay.example.org/inbox")
    known = await relays.find_relay(runtime.db, address)
    if known and known.state == "accepted":
        raise Conflict("This relay passes our posts on already")
    style: relays.Style = "mastodon"
    inbox, actor_uri = address, None
    if not address.rstrip("/").endswith("/inbox"):
        style = "litepub"
        inbox, actor_uri = await _read_actor(runtime, address)
    instance = await ensure_instance_actor(runtime)
    async with runtime.transaction() as tx:
        uri = new_activity_uri(tx, instance, "follows")
        await relays.put_relay(tx.db, address, style, inbox, actor_uri, uri)
        await send_to_inboxes(tx, instance, _follow(uri, instance, actor_uri), [inbox])
        await audit_log.record(tx.db, moderator_id, "create", "relay", None, address)
    return style


async def unsubscribe(runtime: Runtime, moderator_id: int | None, address: str) -> None:
    """Leave a relay. Raises NotFound."""
    relay = await relays.find_relay(runtime.db, address)
    if relay is None:
        raise NotFound(f"{address} is not one of our relays")
    instance = await ensure_instance_actor(runtime)
    async with runtime.transaction() as tx:
        await relays.delete_relay(tx.db, relay.id)
        await send_to_inboxes(tx, instance, _undo(relay, instance), [relay.inbox_url])
        await audit_log.record(tx.db, moderator_id, "destroy", "relay", relay.id, address)


async def _read_actor(runtime: Runtime, address: str) -> tuple[str, str]:
    """Inbox and id of a relay's actor."""
    try:
        document = await fetch_document(runtime.http, address, await instance_signer(runtime))
        actor = documents.read_actor(document)
    except RemoteError as error:
        raise Unavailable("The relay gives no actor that can be read", str(error)) from error
    return actor.inbox, actor.id


def _follow(uri: str, instance: Account, actor_uri: str | None) -> Document:
    follow = build_activity("Follow", uri, instance.uri, actor_uri or PUBLIC)
    return {**follow, "to": [actor_uri]} if actor_uri else follow


def _undo(relay: Relay, instance: Account) -> Document:
    followed = relay.actor_uri if relay.style == "litepub" else None
    follow = _follow(relay.follow_uri, instance, followed)
    return build_activity("Undo", f"{relay.follow_uri}/undo", instance.uri, follow)
