"""Somebody elsewhere boosts a post, or a group passes on what its members do (FEP-1b12)."""

import logging
from datetime import UTC, datetime
from typing import Any

from federation.documents import reading
from federation.documents.activity import Activity
from federation.documents.audience import PUBLIC
from server.fanout import statuses as fanout
from server.fanout.notifications import notify
from server.inbox.interaction_request import hold_boost, must_wait
from server.remote import statuses as remote
from server.remote.consent import is_agreed
from server.remote.refresh import check_later
from server.remote.relayed import take_relayed_job
from server.runtime import Runtime
from server.store import (
    accounts,
    relays,
    remote_accounts,
    status_writes,
    statuses,
    tombstones,
)
from server.store.accounts import Account
from server.store.statuses import Status

log = logging.getLogger(__name__)


async def handle_announce(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Keep a boost that concerns us; the post itself is read at its origin, never from here."""
    if activity.object_id and await relays.is_relay(runtime.db, sender.uri):
        await take_relayed_job(runtime, activity.object_id)
        return
    if not _is_activity(activity.object):
        await _boost(runtime, sender, activity, activity.object_id)
        return
    # Of anything but these, Likes and votes for example, nothing can be checked at its origin, and
    # nothing changes here.
    kind, original_uri = reading.type_of(activity.object), reading.id_of(activity.object["object"])
    if kind == "Create":
        await _boost(runtime, sender, activity, original_uri)
    elif kind in {"Update", "Delete"} and original_uri:
        status = await statuses.find_by_uri(runtime.db, original_uri)
        if status:
            async with runtime.transaction() as tx:
                check_later(tx, status)


def _is_activity(document: Any) -> bool:
    """Whether somebody did something to something, rather than something to read."""
    return isinstance(document, dict) and "object" in document


def _may_boost(sender: Account, original: Status, activity: Activity) -> bool:
    is_own = original.account_id == sender.id
    is_public = PUBLIC in activity.to or PUBLIC in activity.cc
    if original.boost_of_id or original.visibility == "direct":
        return False
    if original.visibility == "private" and (not is_own or is_public):
        return False
    # Groups announce every answer: it stands in its thread.
    is_answer = original.in_reply_to_id or original.in_reply_to_uri
    return not (sender.actor_type == "Group" and is_answer)


async def _is_taken(
    runtime: Runtime, sender: Account, original: Status, activity: Activity
) -> bool:
    """Whether the author of the post agrees; of a member who wants to be asked it waits."""
    uri, audience = activity.id or "", (activity.to, activity.cc)
    if await must_wait(runtime, original, "announce", sender):
        await hold_boost(runtime, sender, original, uri, audience)
        return False
    stamp_uri = activity.authorization
    return await is_agreed(runtime, original, "announce", sender, uri, stamp_uri)


async def _boost(
    runtime: Runtime, sender: Account, activity: Activity, original_uri: str | None
) -> None:
    uri = activity.id
    if not uri or not original_uri:
        return
    known = await statuses.find_by_uri(runtime.db, original_uri)
    if known is None and not await remote_accounts.concerns_us(runtime.db, sender.id):
        return
    original = known or await remote.find_or_fetch_status(runtime, original_uri)
    author = await accounts.get_account(runtime.db, original.account_id)
    if author.suspended_at or not _may_boost(sender, original, activity):
        log.info("%s is not boosted by %s", original.uri, sender.uri)
        return
    if not await _is_taken(runtime, sender, original, activity):
        return
    now = datetime.now(UTC)
    at = min(activity.published or now, now)
    async with runtime.transaction() as tx:
        if await tombstones.is_buried(tx.db, uri, sender.uri):
            return
        boost = await status_writes.insert_boost(tx.db, sender.id, original, uri, at)
        if boost:
            await notify(tx, "reblog", [original.account_id], sender.id, original.id)
            await fanout.distribute_status(tx, boost)
