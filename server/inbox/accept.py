"""Somebody elsewhere answers a member's request to follow, or to do something with a post."""

from federation import origins
from federation.documents import reading
from federation.documents.activity import Activity
from federation.errors import Untrusted
from server.fanout import follows as fanout
from server.inbox.featured_collections import take_feature_answer
from server.inbox.interaction_request import take_interaction_answer
from server.inbox.quote_request import take_answer
from server.runtime import Runtime
from server.store import accounts, follows, relays
from server.store.accounts import Account
from server.store.database import Database
from server.store.follows import Follow, Table


async def handle_accept(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """The request becomes a follow; only whom it was for can grant it."""
    if await _is_of_another_kind(runtime, sender, activity):
        return
    if await _is_relay_s(runtime, sender, activity, "accepted"):
        return
    async with runtime.transaction() as tx:
        request = await find_follow(tx.db, "follow_requests", sender, activity)
        if request:
            await fanout.grant(tx, request)
            return
        if await find_follow(tx.db, "follows", sender, activity):
            return
    raise Untrusted(f"nobody asks {sender.uri} for {activity.object_id}")


async def handle_reject(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """The request, or the follow that was granted before, is ended."""
    if await _is_of_another_kind(runtime, sender, activity):
        return
    if await _is_relay_s(runtime, sender, activity, "rejected"):
        return
    async with runtime.transaction() as tx:
        request = await find_follow(tx.db, "follow_requests", sender, activity)
        if request:
            await follows.delete_request(tx.db, request.account_id, sender.id)
        follow = await find_follow(tx.db, "follows", sender, activity)
        if follow:
            await follows.delete_follow(tx.db, follow.account_id, sender.id)
            await fanout.empty(tx, follow.account_id, sender.id)
    if not request and not follow:
        raise Untrusted(f"nobody asks {sender.uri} for {activity.object_id}")


async def _is_of_another_kind(runtime: Runtime, sender: Account, activity: Activity) -> bool:
    """Whether it answers another request than one to follow; then that is done."""
    for take in (take_feature_answer, take_answer, take_interaction_answer):
        if await take(runtime, sender, activity):
            return True
    return False


async def _is_relay_s(runtime: Runtime, sender: Account, activity: Activity, state: str) -> bool:
    """Whether it is the answer of a relay that we asked, given by an actor of its host."""
    relay = await relays.find_by_follow(runtime.db, activity.object_id or "")
    if relay is None or not origins.is_same_origin(sender.uri, relay.inbox_url):
        return False
    await relays.set_state(runtime.db, relay.id, state, sender.uri)
    return True


async def find_follow(
    db: Database, table: Table, sender: Account, activity: Activity
) -> Follow | None:
    """What an Accept, or the undoing of one, is about.

    By the Follow's id, else by its actor when it is embedded; its object must be the sender.
    """
    found = await follows.find_by_uri(db, table, activity.object_id) if activity.object_id else None
    if found is None and isinstance(activity.object, dict):
        follower_uri = reading.id_of(activity.object.get("actor"))
        follower = await accounts.find_by_uri(db, follower_uri) if follower_uri else None
        if follower and follower.is_local:
            found = await follows.find(db, table, follower.id, sender.id)
    return found if found and found.target_id == sender.id else None
